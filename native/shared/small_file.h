/* Small files: those of /proc and /sys above all. */
#ifndef PREFORK_SMALL_FILE_H
#define PREFORK_SMALL_FILE_H

#include <stddef.h>

/* Reads what one read gives, as a string; its length, 0 when it cannot be read. */
size_t read_small(const char *path, char *text, size_t room);

#endif
