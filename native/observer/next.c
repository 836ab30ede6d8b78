/*
 * `node` may be a version manager's program that chooses a Node by the directory, a file or a variable, and
 * becomes it. Of a shell's script the observer sees what it looks at. It is not in a program that is linked
 * statically, or that asks the kernel without libc (all that Go makes), and sees nothing there: nobody would
 * know for whom else its choice is right, or when it is not right any more.
 *
 * So each tells, before it executes a program, which one that will be: the launcher of the first one, the
 * observer of all that follow. Who begins and is another than was told has had such a program before it. Then
 * the process is its first call and nothing else (native/addon/setup_bindings.c). The same, if a shell's
 * script starts such a program to learn what to choose; of others that it starts the observer sees what they
 * look at.
 */
#include "real.h"

#include "next.h"
#include "notes.h"
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_unnoted(const char *path) {
    return REAL(open)(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static void tell_next(const char *path) {
    int error = errno;
    bool is_static;
    struct program_file program = program_at(path, open_unnoted, &is_static);
    if (is_setup())
        pfi_observer_notes->program = program;
    else if (is_static && !observer_is_in_node)
        pfi_observer_notes->unobserved = 1;
    errno = error;
}

static bool is_program(const char *path) {
    struct stat file;
    return REAL(stat)(path, &file) == 0 && S_ISREG(file.st_mode) && REAL(access)(path, X_OK) == 0;
}

void tell_next_found(const char *file) {
    int error = errno;
    char path[PATH_MAX];
    const char *list = REAL(getenv)("PATH");
    if (strchr(file, '/')) {
        tell_next(file);
        return;
    }
    for (const char *end; list; list = *end ? end + 1 : NULL) {
        end = strchrnul(list, ':');
        snprintf(path, sizeof path, "%.*s%s%s", (int)(end - list), list, end == list ? "" : "/", file);
        if (!is_program(path)) continue;
        tell_next(path);
        break;
    }
    errno = error;
}

void check_program(void) {
    struct program_file told = pfi_observer_notes->program;
    if (is_setup() && told.inode && !program_is(told, program_of_self())) pfi_observer_notes->unobserved = 1;
}

EXPORT int execve(const char *path, char *const arguments[], char *const environment[]) {
    if (noting()) tell_next(path);
    return REAL(execve)(path, arguments, environment);
}

EXPORT int execv(const char *path, char *const arguments[]) {
    if (noting()) tell_next(path);
    return REAL(execv)(path, arguments);
}

EXPORT int execvpe(const char *file, char *const arguments[], char *const environment[]) {
    if (noting()) tell_next_found(file);
    return REAL(execvpe)(file, arguments, environment);
}

EXPORT int fexecve(int fd, char *const arguments[], char *const environment[]) {
    char path[sizeof "/proc/self/fd/-2147483648"];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (noting()) tell_next(path);
    return REAL(fexecve)(fd, arguments, environment);
}

/* The arguments of execl and execle in an array, its end included; for execle what stands behind it too. */
#define LISTED_MAX 1024
static bool list(char *array[LISTED_MAX], const char *first, va_list rest) {
    size_t count = 0;
    array[count++] = (char *)(uintptr_t)first;
    while (array[count - 1]) {
        if (count == LISTED_MAX) return false;
        array[count++] = va_arg(rest, char *);
    }
    return true;
}

/* More arguments than anybody writes down. */
static int too_many(void) {
    errno = E2BIG;
    return -1;
}

EXPORT int execl(const char *path, const char *first, ...) {
    char *arguments[LISTED_MAX];
    va_list rest;
    va_start(rest, first);
    bool whole = list(arguments, first, rest);
    va_end(rest);
    return whole ? execv(path, arguments) : too_many();
}

EXPORT int execlp(const char *file, const char *first, ...) {
    char *arguments[LISTED_MAX];
    va_list rest;
    va_start(rest, first);
    bool whole = list(arguments, first, rest);
    va_end(rest);
    return whole ? execvp(file, arguments) : too_many();
}

EXPORT int execle(const char *path, const char *first, ...) {
    char *arguments[LISTED_MAX];
    va_list rest;
    va_start(rest, first);
    bool whole = list(arguments, first, rest);
    char **environment = whole ? va_arg(rest, char **) : NULL;
    va_end(rest);
    return whole ? execve(path, arguments, environment) : too_many();
}
