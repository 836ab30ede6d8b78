/* Signal dispositions and mask of the script, put away while the process is a server. */
#ifndef PREFORK_SIGNALS_H
#define PREFORK_SIGNALS_H

/* Blocks every signal. Called first when initialisation is complete, so that no handler of the script runs in
 * the server. */
void signals_block(void);

/* Remembers all dispositions and resets them; the server's own handler for SIGCHLD writes to wake_descriptor.
 */
void signals_put_away(int wake_descriptor);

/* In an executor: the dispositions, with all signals still blocked. */
void signals_restore_actions(void);

/* In an executor (or where serving failed): the mask as it was before signals_block; what came meanwhile is
 * delivered. */
void signals_restore_mask(void);

#endif
