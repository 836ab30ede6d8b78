/* What the fuzz drivers share: an input that comes in pieces, and a process that ends without ending. */
#ifndef FUZZ_HARNESS_H
#define FUZZ_HARNESS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Runs a parser. False: it ended the process, or ran the script plainly. What it took of memory stays until
 * the next run. */
bool fuzz_run(void (*parse)(void));

/* What the parser reads from now on. `pieces` decides how much at a time, and where it is interrupted: 0 is
 * all at once. `descriptors` come with each of the first so many messages. */
void fuzz_input(const uint8_t *data, size_t size, uint8_t pieces, size_t descriptors, size_t messages);

/* How many descriptors the parser got and has not closed. */
size_t fuzz_descriptors_left(void);

ssize_t fuzz_read(void *buffer, size_t size);
ssize_t fuzz_recvmsg(struct msghdr *message);
int fuzz_poll(struct pollfd *polled, size_t count);
int fuzz_close(int fd);
int fuzz_nothing(void);
int fuzz_stat(const char *path, struct stat *file);
void *fuzz_calloc(size_t count, size_t size);
void fuzz_free(void *memory);
void fuzz_leave(void) __attribute__((noreturn));

/* Ends the run with a report: what must hold does not. */
void fuzz_check(bool holds, const char *what);

#endif
