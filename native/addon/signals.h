/* Signal dispositions and mask of the script, put away while the process is a server. What comes for the
 * first call meanwhile is passed on to its executor. */
#ifndef PREFORK_SIGNALS_H
#define PREFORK_SIGNALS_H

#include <poll.h>
#include <sys/types.h>

/* Blocks every signal, remembers all dispositions and resets them, so that no handler of the script runs in
 * the server. Called first when initialisation is complete. `client`, which waits for the first call, goes on
 * to send this process the signals that it gets, until it is greeted; 0: it does not, or there is none. */
void signals_put_away(pid_t client);

/* One that initialisation had got, but not handled yet. */
void signals_came(int number);

/* What has come for the first call so far goes to the first executor that is named, and what comes later goes
 * there at once. */
void signals_pass_to(pid_t executor);

/* A SIGCHLD is written to this descriptor from now on: an eventfd that does not block. */
void signals_tell_children(int wake_descriptor);

/* poll() that a SIGCHLD interrupts. Node's workers take the signal elsewhere; a server that was forked off,
 * for chiark's launcher, has none of them, and its main thread blocks it. */
int signals_poll(struct pollfd *events, nfds_t count, int milliseconds);

/* Where serving failed: all is as before, and what has come meanwhile is delivered. */
void signals_give_back(void);

/* In an executor: the dispositions, with all signals still blocked. */
void signals_restore_actions(void);

/* In an executor: the mask as it was before; what came meanwhile is delivered. */
void signals_restore_mask(void);

#endif
