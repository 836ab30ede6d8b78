/* What a process can ask about where it was started: variables, directory, terminal. */
#include "real.h"

#include "notes.h"
#include "variables.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Whoever copies or lists the environment (`{ ...process.env }`, Object.keys) reads every name, in the order
 * of environ, once to three times each (tried on Node 20 to 26). That is noted as such, and does not count as
 * reading by name what is volatile. So a volatile name that is read where such a pass could be under way is
 * noted only if the pass breaks off.
 */
static struct {
    atomic_flag busy; /* other threads may ask, too */
    size_t passed;    /* of environ from its beginning; 0: there is no pass */
} pass = {.busy = ATOMIC_FLAG_INIT};

static bool is_entry(const char *entry, const char *name) {
    size_t length = strlen(name);
    return entry && !strncmp(entry, name, length) && entry[length] == '=';
}

static void break_off(void) {
    for (size_t i = 0; i < pass.passed && environ[i]; i++) {
        char name[256];
        size_t length = strcspn(environ[i], "=");
        if (!is_volatile(environ[i]) || length >= sizeof name) continue;
        memcpy(name, environ[i], length);
        name[length] = '\0';
        note_variable(name);
    }
    pass.passed = 0;
}

/* A pass that has come to its end stays until something else is read: the last name is read again, too. */
static bool goes_on(const char *name) {
    if (pass.passed && is_entry(environ[pass.passed - 1], name)) return true;
    if (!is_entry(environ[pass.passed], name)) return false;
    if (!environ[++pass.passed]) note_all_variables();
    return true;
}

static void note_reading(const char *name) {
    while (atomic_flag_test_and_set(&pass.busy))
        continue;
    bool passing = environ && goes_on(name);
    if (!passing) {
        if (environ && pass.passed && environ[pass.passed]) break_off();
        pass.passed = 0;
        passing = environ && goes_on(name);
    }
    if (!passing || !is_volatile(name)) note_variable(name);
    atomic_flag_clear(&pass.busy);
}

void pfi_observer_finish(void) {
    while (atomic_flag_test_and_set(&pass.busy))
        continue;
    if (environ && pass.passed && environ[pass.passed]) break_off();
    atomic_flag_clear(&pass.busy);
}

EXPORT char *getenv(const char *name) {
    if (noting()) note_reading(name);
    return REAL(getenv)(name);
}

EXPORT char *secure_getenv(const char *name) {
    if (noting()) note_reading(name);
    return REAL(secure_getenv)(name);
}

/* That a variable is gone can be seen later, but not if it was never there. */
EXPORT int unsetenv(const char *name) {
    if (noting()) note_deletion(name);
    return REAL(unsetenv)(name);
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
