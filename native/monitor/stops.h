/* Client and executor stop and go on together, whichever of them somebody stops or continues: to whoever
 * sends signals they are one process. */
#ifndef MONITOR_STOPS_H
#define MONITOR_STOPS_H

#include "monitor.h"

/* A call has begun: its client is to be looked at. */
void begin_looking(struct monitor *m);

/* Looks at the client, and plans the next look. */
void look_at_client(struct monitor *m);

/* The executor was stopped, by this signal. */
void note_stop(struct monitor *m, int number);

/* The executor goes on. */
void note_continue(struct monitor *m);

/* The client says that it was continued. False: that is not for the executor. */
bool continues_executor(struct monitor *m, unsigned flags);

/* The executor has ended: its client must hear that, and not stand still. */
void let_client_end(struct monitor *m);

#endif
