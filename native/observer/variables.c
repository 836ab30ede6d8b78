/* What a process can ask about its environment. */
#include "real.h"

#include "asker.h"
#include "notes.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Whoever copies the environment (`{ ...process.env }`, starting a child) asks for every name, in the order
 * of environ, whether it is there and what its value is; who lists it (Object.keys, for-in) asks only the
 * former (tried on Node 20 to 26). Either is a pass. It is noted as such when it has come to its end, and
 * what it asked does not count as asked by name. If it breaks off, all that was asked until then does.
 *
 * Where the two questions cannot be told apart all are taken for the second one: then listing is copying.
 */
struct pass {
    size_t passed;  /* of environ from its beginning; 0: there is no pass */
    unsigned times; /* the last name was asked for, in a row */
    unsigned most;  /* the first one was, and so every later one may be; 0: it still is */
    void (*note_whole)(void);
};

static struct {
    atomic_flag busy; /* other threads may ask, too */
    struct pass names, values;
} passes = {
    .busy = ATOMIC_FLAG_INIT, .names.note_whole = note_all_names, .values.note_whole = note_all_variables};

/* A pass of so many names that breaks off was one whose order is not understood: all there is may have been
 * asked for in it. */
#define SURELY_A_PASS 3

static size_t name_length(const char *entry) {
    return strcspn(entry, "=");
}

static bool is_entry(const char *entry, const char *name) {
    size_t length = strlen(name);
    return entry && !strncmp(entry, name, length) && entry[length] == '=';
}

/* A number is an index to JavaScript, and comes ahead of all names. */
static bool is_number(const char *name, size_t length) {
    return length && strspn(name, "0123456789") >= length;
}

/* What no pass asks for in its place: a second of the same name, and what is no variable. */
static bool is_left_out(size_t at) {
    size_t length = name_length(environ[at]);
    if (!environ[at][length] || is_number(environ[at], length)) return true;
    for (size_t i = 0; i < at; i++)
        if (!strncmp(environ[i], environ[at], length + 1)) return true;
    return false;
}

static size_t skip(size_t at) {
    while (environ[at] && is_left_out(at))
        at++;
    return at;
}

static void note_entry(const char *entry) {
    char name[256];
    size_t length = name_length(entry);
    if (length >= sizeof name) {
        note_all_variables(); /* it cannot be named */
        return;
    }
    memcpy(name, entry, length);
    name[length] = '\0';
    note_variable(name);
}

static void break_off(struct pass *pass) {
    size_t count = 0;
    for (size_t i = 0; i < pass->passed && environ[i]; i++) {
        if (is_left_out(i)) continue;
        note_entry(environ[i]);
        count++;
    }
    if (count >= SURELY_A_PASS && pass == &passes.names) pass->note_whole();
    pass->passed = 0;
}

/* Every name is asked for as often as the first; where that was more often, it was so by name, before. */
static void count_times(struct pass *pass) {
    if (pass->passed && pass->times < pass->most) note_entry(environ[skip(0)]);
    pass->most = pass->passed ? pass->times : 0;
    pass->times = 1;
}

/* A pass that has come to its end stays until something else is asked for: the last name may come again. */
static bool goes_on(struct pass *pass, const char *name) {
    size_t next = skip(pass->passed);
    if (pass->passed && is_entry(environ[pass->passed - 1], name) &&
        (pass->times < pass->most || !pass->most)) {
        pass->times++;
        return true;
    }
    if (!is_entry(environ[next], name)) return false;
    count_times(pass);
    pass->passed = next + 1;
    if (!environ[skip(pass->passed)]) pass->note_whole();
    return true;
}

static bool is_under_way(const struct pass *pass) {
    return environ && pass->passed && environ[skip(pass->passed)];
}

static bool is_part(struct pass *pass, const char *name) {
    if (!environ) return false;
    if (goes_on(pass, name)) return true;
    if (is_under_way(pass)) break_off(pass);
    pass->passed = 0;
    return goes_on(pass, name);
}

static void note_reading(const char *name, const void *frame) {
    struct pass *pass = asks_for_presence(frame) ? &passes.names : &passes.values;
    while (atomic_flag_test_and_set(&passes.busy))
        continue;
    if (is_number(name, strlen(name)) || !is_part(pass, name)) note_variable(name);
    atomic_flag_clear(&passes.busy);
}

void pfi_observer_finish(void) {
    while (atomic_flag_test_and_set(&passes.busy))
        continue;
    if (is_under_way(&passes.names)) break_off(&passes.names);
    if (is_under_way(&passes.values)) break_off(&passes.values);
    atomic_flag_clear(&passes.busy);
}

EXPORT char *getenv(const char *name) {
    if (noting()) note_reading(name, __builtin_frame_address(0));
    return REAL(getenv)(name);
}

EXPORT char *secure_getenv(const char *name) {
    if (noting()) note_reading(name, NULL);
    return REAL(secure_getenv)(name);
}

/* That a variable is gone can be seen later, but not if it was never there. */
EXPORT int unsetenv(const char *name) {
    if (noting()) note_deletion(name);
    return REAL(unsetenv)(name);
}
