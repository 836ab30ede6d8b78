/* Which program runs where a path is executed. */
#ifndef PREFORK_PROGRAM_H
#define PREFORK_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A program: the device and inode of its file. Both 0: not known. */
struct program_file {
    uint64_t device, inode;
};

/* Of a script that is the interpreter its first line names. `open_file` opens for reading. is_static may be
 * null. */
struct program_file program_at(const char *path, int (*open_file)(const char *path), bool *is_static);

/* The one that this process is. */
struct program_file program_of_self(void);

bool program_is(struct program_file one, struct program_file other);

#endif
