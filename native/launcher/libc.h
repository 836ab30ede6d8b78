/* Which C library a program was built for. */
#ifndef LAUNCHER_LIBC_H
#define LAUNCHER_LIBC_H

enum libc {
    LIBC_GLIBC, /* also what cannot be read, or is a script */
    LIBC_MUSL,
    LIBC_NONE_OF_OURS, /* Android's, or a program for another machine */
};

/* By the loader that it names. */
enum libc libc_of(const char *program);

#endif
