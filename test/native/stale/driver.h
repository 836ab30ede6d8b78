/* The parts of the driver. */
#ifndef PREFORK_TEST_STALE_DRIVER_H
#define PREFORK_TEST_STALE_DRIVER_H

#include "stale.h"

/* looks.c: what an initialisation does, and what other processes do meanwhile. False: there is no such word.
 */
bool looks(const char *word, char *path, char *second);

/* pretend.c: circumstances that a test cannot bring about. False: there is no such word. */
bool pretends(const char *word, char *path);
/* How often a file system was told to ask its server. */
int pretend_asked_server(void);
/* Acts once, when all events have been read from the descriptor. */
void pretend_after_events(int descriptor, void (*act)(void));

/* race.c: how many executors found themselves fresh right after an edit. */
int race(const char *directory, int rounds);

/* Ends the driver with a line. */
void fail(const char *what, const char *with) __attribute__((noreturn));
void write_whole(const char *path, int flags, const char *text);
/* By renaming another file over it. */
void replace(const char *path, const char *text);

#endif
