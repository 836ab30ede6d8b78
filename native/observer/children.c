/*
 * A program that initialisation starts has the environment, and with it all that decides what it answers. In
 * Node up to 26.10 JavaScript copies the environment for it, which is seen as any reading of the whole
 * (surroundings.c). Since 26.12 that is done in C++, out of environ itself, which nobody sees. So it is
 * looked at what a program gets: libuv puts that in the place of environ, in the child. Can go when Node
 * asks for the variables one by one again, or tells that it hands them on.
 */
#include "real.h"

#include "next.h"
#include "notes.h"
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* The parent's, while it forks. */
static char **environ_of_parent;

static bool contains(char *const strings[], const char *string) {
    for (; *strings; strings++)
        if (!strcmp(*strings, string)) return true;
    return false;
}

/* With all that we have; what was added to it was not looked at. One that was made for the program lacks
 * some. */
static bool is_handed_on(char *const given[], char *const ours[]) {
    if (!given || !ours) return false;
    for (; *ours; ours++)
        if (strchr(*ours, '=') && !contains(given, *ours)) return false;
    return true;
}

EXPORT pid_t fork(void) {
    if (noting()) __atomic_store_n(&environ_of_parent, environ, __ATOMIC_RELAXED);
    return REAL(fork)();
}

EXPORT int execvp(const char *file, char *const arguments[]) {
    if (noting() && is_handed_on(environ, __atomic_load_n(&environ_of_parent, __ATOMIC_RELAXED)))
        note_inherited_variables();
    if (noting()) tell_next_found(file);
    return REAL(execvp)(file, arguments);
}

EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes, char *const arguments[],
                        char *const environment[]) {
    if (noting() && is_handed_on(environment, environ)) note_all_variables();
    return REAL(posix_spawnp)(pid, file, actions, attributes, arguments, environment);
}
