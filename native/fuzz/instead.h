/*
 * Compiled into the parsers instead of the system calls by which their input comes and their process ends. As
 * macros in our own sources, not with the linker's --wrap: libFuzzer needs the real ones.
 */
#ifndef FUZZ_INSTEAD_H
#define FUZZ_INSTEAD_H

#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#define recv(fd, buffer, size, flags) ((void)(fd), fuzz_read(buffer, size))
#define recvmsg(fd, message, flags) ((void)(fd), fuzz_recvmsg(message))
#define poll(polled, count, limit) ((void)(limit), fuzz_poll(polled, count))
#define nanosleep(time, rest) fuzz_nothing()
#define sched_yield() fuzz_nothing()
#define _exit(status) ((void)(status), fuzz_leave())
#ifdef FUZZ_ENDS /* its process gives memory back by ending, perhaps after a last word */
#define write(fd, buffer, size) ((void)(buffer), (ssize_t)(size))
#define malloc(size) fuzz_calloc(1, size)
#define calloc(count, size) fuzz_calloc(count, size)
#define free(memory) fuzz_free(memory)
#endif
#ifdef FUZZ_DESCRIPTORS /* the parser reads nothing but its connection, and gets numbers that nothing stands \
                           behind */
#define read(fd, buffer, size) ((void)(fd), fuzz_read(buffer, size))
#define close(fd) fuzz_close(fd)
#endif
#ifdef FUZZ_STAT /* of whatever has a name, the same */
#define stat(path, file) fuzz_stat(path, file)
#endif

#endif
