/* Whole reads and writes on sockets and pipes, and big-endian numbers. */
#ifndef PREFORK_WIRE_H
#define PREFORK_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads exactly size bytes. Returns size, 0 at end of file before the first byte, or -1 with errno (EPROTO
 * when the end came in the middle). A read interrupted by a signal goes on. */
ssize_t read_whole(int fd, void *buffer, size_t size);

/* For waits without a limit; else a moment of monotonic_ms(), by which all must be done (ETIMEDOUT). A limit
 * of each read alone would never come where the other end sends a byte now and then. */
#define FOR_EVER INT64_MAX

/* The same on a socket, by a moment. */
ssize_t read_in_time(int fd, void *buffer, size_t size, int64_t until_ms);

/* Sends exactly size bytes, without SIGPIPE. Returns false with errno when it could not. */
bool send_whole(int fd, const void *buffer, size_t size);

/* The same by a moment. */
bool send_in_time(int fd, const void *buffer, size_t size, int64_t until_ms);

/* Sends size bytes in one message with descriptors (count may be 0); what of the bytes did not fit is sent
 * after it. */
bool send_with_descriptors(int fd, const void *buffer, size_t size, const int *descriptors, size_t count,
                           int64_t until_ms);

/* Receives exactly size bytes, and with the first of them at most *count descriptors, close-on-exec; *count
 * becomes their number. More than that is an error (EPROTO), and those that came are closed. Returns as
 * read_whole. */
ssize_t receive_with_descriptors(int fd, void *buffer, size_t size, int *descriptors, size_t *count,
                                 int64_t until_ms);

/* Looks for something to read, without sleeping, for as long as an answer from a process that is awake takes
 * (a tenth of a millisecond at most). A processor that falls asleep for such a time is woken by an interrupt,
 * which on a virtual machine can take longer than the call itself. Others who want the processor get it. */
void await_briefly(int fd);

#endif
