/* Where initialisation opened what it has open, as far as Node can tell: what is said of that when a process
 * cannot be forked. */
#ifndef PREFORK_OPENINGS_H
#define PREFORK_OPENINGS_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>

#define OPENING_MAX 512

/* When the library loads: what was open before is not known. */
void openings_watch(napi_env env);

/* Before a fork, and where there will be none. Nothing is known any more. */
void openings_stop(void);

/* These write PATH:LINE, or nothing and return false. */

/* What Node keeps in an event loop's handle. */
bool openings_of_handle(const void *wrap, char *text, size_t size);

/* A file that was opened for writing. */
bool openings_of_file(int descriptor, char *text, size_t size);

/* The last worker thread that was started and has not been collected. */
bool openings_of_worker(char *text, size_t size);

#endif
