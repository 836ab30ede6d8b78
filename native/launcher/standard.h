/* Descriptors 0 to 2: there, and left as they were found. */
#ifndef LAUNCHER_STANDARD_H
#define LAUNCHER_STANDARD_H

#include <stdbool.h>
#include <termios.h>

struct standard {
    int flags;     /* as F_GETFL says, or -1 */
    bool terminal; /* then modes are its modes */
    struct termios modes;
};

/* Notes flags and terminal modes of 0 to 2. */
void remember_standard(struct standard standard[3]);

/* Puts O_NONBLOCK and terminal modes back where they differ: an executor (or Node in setup) sets both, and a
 * shell must find them as they were. Node does the same when it ends. */
void restore_standard(const struct standard standard[3]);

/* Whether fd is our controlling terminal and we are in its background. */
bool in_background(int fd);

#endif
