/*
 * What initialisation looked at, and whether it is still as it was. docs/staleness.md has the rules and the
 * reasons.
 *
 * The server fills a store (stale_new, stale_add_*), then watches it (stale_watch). Executors inherit it when
 * they are forked. A small part is shared memory: whether the server has seen something that is not yet
 * judged.
 */
#ifndef PREFORK_STALE_H
#define PREFORK_STALE_H

#include "protocol.h"
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct stale;

enum stale_verdict {
    STALE_FRESH,
    STALE_CHANGED,    /* something initialisation looked at is no longer so: nobody may be served from here */
    STALE_SOCKET_GONE /* nothing is stale, but the server's own socket was removed or replaced: it should
                         leave */
};

/* Null when there is no memory. */
struct stale *stale_new(void);

/* Takes over the observer's notes and closes them (header->closed): call it when initialisation is complete.
 * Returns false when the observer is not in this process, or the notes overflowed: the caller must then add
 * what JavaScript knows (what was taken over stays). Does not close the descriptor. */
bool stale_add_notes(struct stale *stale, int notes_fd);

/* Adds a file as it is now; one that is not there counts as a missing name. A directory counts with its
 * entries. The path is absolute. Returns false when there is no memory (as all of the functions below that
 * add). */
bool stale_add_file(struct stale *stale, const char *path);

/* For version 1, where nobody noted the file as it was read: one changed after `start` is stale at once. */
bool stale_add_file_older_than(struct stale *stale, const char *path, struct timespec start);

/* A file that stays open for appending: from now on its name must lead to it. What is appended is no matter.
 */
bool stale_hold(struct stale *stale, int descriptor);

/* Remembers the server's own socket as it is now: for stale_watch, which comes later. */
bool stale_note_socket(struct stale *stale, const char *path);

/* Makes the inotify instance (close-on-exec, non-blocking, number 64 or above), adds the watches, and
 * compares everything once: after it, stale_verdict() says whether all was still fresh. Before the first
 * executor that is to find out whether it is. Returns false when there is no memory. That inotify is not to
 * be had is no failure: everything is then compared at each call. */
bool stale_watch(struct stale *stale);

/* The inotify instance for the server's poll, or -1. */
int stale_descriptor(const struct stale *stale);

/* The verdict of the last comparison in this process; path (may be null) is told what changed, null if
 * unknown. */
enum stale_verdict stale_verdict(const struct stale *stale, const char **path);

/* Whether what changed had been written by initialisation itself. */
bool stale_is_own(const struct stale *stale);

/* For an executor that has taken a call, before it greets: is there a reason to compare? One poll; and a
 * comparison of those files alone that no event tells about. */
bool stale_suspect(struct stale *stale);

/* Compares everything, without reading the instance. For an executor that found itself suspect. */
enum stale_verdict stale_verify(struct stale *stale, const char **path);

/* For an executor whose stale_verify said STALE_CHANGED: no executor of this server will be fresh again. The
 * server must be woken; its stale_drain then says STALE_CHANGED. */
void stale_turn_away(struct stale *stale);

/* How often that was. */
uint32_t stale_turned_away(const struct stale *stale);

/* For the server, when the descriptor is readable or an executor woke it: reads the events and judges. After
 * STALE_CHANGED all executors see themselves suspect for ever. */
enum stale_verdict stale_drain(struct stale *stale, const char **path);

/* For the server in idle moments, a few milliseconds at a time: remembers contents, so that a chmod or a new
 * hard link can be told from an edit that kept size and mtime. Until it is done such a change counts as an
 * edit. Returns true when there is nothing left to do. */
bool stale_settle(struct stale *stale, unsigned milliseconds);

/* For an executor after it has taken its call: closes the instance. The store must not be asked again. */
void stale_close(struct stale *stale);

/* The files among what is noted, for a marker, without those that initialisation writes: index from 0 until
 * null is returned. */
size_t stale_count(const struct stale *stale);
const struct pfi_signature *stale_file(const struct stale *stale, size_t index, const char **path);

#endif
