/* SIGPIPE and SIGXFSZ, by which a write that fails may end us. Node ignores both: in a plain run the write
 * only fails. */
#ifndef LAUNCHER_WRITE_SIGNALS_H
#define LAUNCHER_WRITE_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* Blocks both, and returns the mask that there was. */
uint64_t hold_write_signals(void);

/* Puts the mask back. `failed`: a write did, so the signal that it sent us is taken away first; one that
 * somebody else sent stays otherwise. */
void release_write_signals(uint64_t before, bool failed);

#endif
