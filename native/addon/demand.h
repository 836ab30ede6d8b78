/*
 * How many spares callers need: as many as have called at once of late.
 *
 * Calls one after the other are served as fast by two spares as by eight, since the next is forked while one
 * runs; so what counts is how many run at once. A call that has run for long says nothing of those to come.
 * The figures are in docs/performance.md.
 */
#ifndef PREFORK_DEMAND_H
#define PREFORK_DEMAND_H

/* A call has begun. */
void demand_note_call(void);

/* How many spares to keep, `least` or more. */
int demand_spares(int least);

/* Milliseconds until that may become less; -1: it is `least`. */
long long demand_time_left(int least);

#endif
