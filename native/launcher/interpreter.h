/* The interpreter's file. */
#ifndef LAUNCHER_INTERPRETER_H
#define LAUNCHER_INTERPRETER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

struct interpreter {
    const char *path;
    struct stat file;
    bool node; /* by its name: it may speak the extension */
};

/* Finds it as a shell would, or ends the process with one line. Where that is a wrapper (wrapper.h), it is
 * the program behind it, whose path becomes the name. */
void find_interpreter(char **name, struct interpreter *interpreter);

/* Looks for a program in PATH. The result is static memory, or null with errno. */
const char *search_path(const char *name, struct stat *file);

#endif
