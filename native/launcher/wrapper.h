/* Shell scripts that do nothing but become another program. */
#ifndef LAUNCHER_WRAPPER_H
#define LAUNCHER_WRAPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* The program that the script at `path` becomes with the same arguments, if it does nothing else. */
bool read_wrapper(const char *path, const struct stat *file, char *program, size_t room);

#endif
