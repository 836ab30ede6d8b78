/* Signal dispositions and mask of the script, put away while the process is a server. */
#ifndef PREFORK_SIGNALS_H
#define PREFORK_SIGNALS_H

#include <poll.h>

/* Blocks every signal. Called first when initialisation is complete, so that no handler of the script runs in
 * the server. */
void signals_block(void);

/* Remembers all dispositions and resets them; the server's own handler for SIGCHLD writes to wake_descriptor.
 */
void signals_put_away(int wake_descriptor);

/* poll() that a SIGCHLD interrupts. Node's workers take the signal elsewhere; a server that was forked off,
 * for chiark's launcher, has none of them, and its main thread blocks it. */
int signals_poll(struct pollfd *events, nfds_t count, int milliseconds);

/* In an executor: the dispositions, with all signals still blocked. */
void signals_restore_actions(void);

/* In an executor (or where serving failed): the mask as it was before signals_block; what came meanwhile is
 * delivered. */
void signals_restore_mask(void);

#endif
