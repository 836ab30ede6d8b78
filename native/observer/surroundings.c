/* What a process can ask about where it was started: directory, umask, terminal. (Variables: variables.c.) */
#include "real.h"

#include "notes.h"
#include <errno.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

EXPORT char *getcwd(char *buffer, size_t size) {
    if (noting()) note_cwd();
    return REAL(getcwd)(buffer, size);
}

EXPORT char *__getcwd_chk(char *buffer, size_t size, size_t room);
char *__getcwd_chk(char *buffer, size_t size, size_t room) {
    if (noting()) note_cwd();
    return REAL(__getcwd_chk)(buffer, size, room);
}

EXPORT char *get_current_dir_name(void) {
    if (noting()) note_cwd();
    return REAL(get_current_dir_name)();
}

/* process.umask() asks by setting another one. Whoever sets it learns what it was, too. */
EXPORT mode_t umask(mode_t mask) {
    if (noting()) note_umask();
    return REAL(umask)(mask);
}

/* Node asks once for each of 0 to 2 when it starts, for itself (tried on 20 to 26; a test looks). */
static bool is_nodes_own(int fd) {
    static atomic_bool asked[3];
    return fd >= 0 && fd < 3 && observer_is_in_node && !atomic_exchange(&asked[fd], true);
}

/* Where the caller's stdout is no terminal setup has stderr in its place, which may be one. A tool that asks
 * while it is loaded must hear of the caller's. libuv asks the same function and takes it for a file then. */
EXPORT int isatty(int fd) {
    if (!noting()) return REAL(isatty)(fd);
    if (!is_nodes_own(fd)) note_isatty(fd);
    int answer = REAL(isatty)(fd);
    if (!answer || fd < 0 || fd > 2 || !(pfi_observer_notes->no_terminals & 1u << fd)) return answer;
    errno = ENOTTY;
    return 0;
}
