/* What the server writes of its use into its information file: how many calls it has served and how many run,
 * for `prefork ls`; and by the file's time when it was last used, for launchers that look for the server that
 * has been idle longest. */
#ifndef PREFORK_ACTIVITY_H
#define PREFORK_ACTIVITY_H

#include <stddef.h>
#include <stdint.h>

/* The path of the server's socket, which has its information file beside it. */
void activity_open(const char *socket);

/* A call has begun or ended: four short system calls, made by the server and not by the call. */
void activity_note(uint64_t calls, size_t running);

#endif
