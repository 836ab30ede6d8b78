/*
 * syscall(): libuv reaches statx this way, so that it runs on a libc without it.
 */
#include "real.h"

#include "notes.h"
#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef IORING_SETUP_SQPOLL
#define IORING_SETUP_SQPOLL (1u << 1)
#endif

/* The beginning of the kernel's struct io_uring_params. */
struct ring_parameters {
    uint32_t submission_entries, completion_entries, flags;
};

/*
 * libuv reads files through a ring with a polling kernel thread when UV_USE_IO_URING=1 asks for it. Such
 * reads pass no function of libc, and a ring does not survive a fork. Told that the kernel has none, libuv
 * uses its thread pool. This can go when libuv drops the variable.
 */
static bool is_file_ring(long number, long parameters) {
    return number == SYS_io_uring_setup && parameters &&
           ((const struct ring_parameters *)parameters)->flags & IORING_SETUP_SQPOLL;
}

/* How many arguments a call has is not known here; six is the most, and to pass on more than the caller gave
 * does no harm: libc's own function does the same. The address checks see a read past the caller's, and have
 * to let it be. */
EXPORT __attribute__((no_sanitize_address)) long syscall(long number, ...) {
    long argument[6];
    va_list arguments;

    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        argument[i] = va_arg(arguments, long);
    va_end(arguments);
    if (!noting())
        return REAL(syscall)(number, argument[0], argument[1], argument[2], argument[3], argument[4],
                             argument[5]);
    if (is_file_ring(number, argument[1])) {
        errno = ENOSYS;
        return -1;
    }
    long result =
        REAL(syscall)(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
    if (number == SYS_statx && argument[1])
        note_statx((int)result, (int)argument[0], (const char *)argument[1],
                   (const struct statx *)argument[4]);
    else if (number == SYS_openat)
        note_opened((int)result, (int)argument[0], (const char *)argument[1], (int)argument[2]);
    return result;
}
