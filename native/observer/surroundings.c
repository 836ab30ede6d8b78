/* What a process can ask about where it was started: variables, directory, terminal. */
#include "real.h"

#include "notes.h"
#include <stdlib.h>
#include <unistd.h>

EXPORT char *getenv(const char *name) {
    if (noting()) note_variable(name);
    return REAL(getenv)(name);
}

EXPORT char *secure_getenv(const char *name) {
    if (noting()) note_variable(name);
    return REAL(secure_getenv)(name);
}

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

EXPORT int isatty(int fd) {
    if (noting()) note_isatty(fd);
    return REAL(isatty)(fd);
}
