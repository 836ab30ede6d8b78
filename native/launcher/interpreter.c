#include "interpreter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"
#include "wrapper.h"

/* A file with all three x bits needs no further question. */
static bool is_program(const char *path, struct stat *file) {
    if (stat(path, file) != 0) return false;
    errno = EACCES;
    if (!S_ISREG(file->st_mode)) return false;
    return (file->st_mode & 0111) == 0111 || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

/* The first that can be executed; else the most telling reason (a shell names a file without x bits too). */
const char *search_path(const char *name, struct stat *file) {
    static char path[PATH_MAX];
    const char *list = getenv("PATH");
    if (!list) list = "/usr/local/bin:/usr/bin:/bin";
    int reason = ENOENT;
    for (const char *end;; list = end + 1) {
        end = strchrnul(list, ':');
        int length = (int)(end - list);
        int written = snprintf(path, sizeof path, "%.*s%s%s", length, list, length ? "/" : "", name);
        if (written > 0 && (size_t)written < sizeof path) {
            if (is_program(path, file)) return path;
            if (errno == EACCES) reason = errno;
        }
        if (!*end) break;
    }
    errno = reason;
    return NULL;
}

static bool is_node(const char *name) {
    const char *base = strrchr(name, '/');
    return !strncmp(base ? base + 1 : name, "node", 4);
}

/* The program is executed as the wrapper would do it, by its path. */
static void follow_wrapper(char **name, struct interpreter *interpreter) {
    static char path[PATH_MAX];
    struct stat file;
    if (!read_wrapper(interpreter->path, &interpreter->file, path, sizeof path)) return;
    if (!is_node(path) || !is_program(path, &file)) return;
    *name = path;
    interpreter->path = path;
    interpreter->file = file;
}

void find_interpreter(char **named, struct interpreter *interpreter) {
    const char *name = *named;
    if (strchr(name, '/'))
        interpreter->path = is_program(name, &interpreter->file) ? name : NULL;
    else
        interpreter->path = search_path(name, &interpreter->file);
    if (!interpreter->path) die("cannot run the interpreter, %s: %s", name, strerror(errno));
    interpreter->node = is_node(name);
    if (interpreter->node) follow_wrapper(named, interpreter);
}
