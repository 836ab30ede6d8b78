/* Huge pages for the server's heap. A fork copies an entry for each page of the heap, and the end of an
 * executor takes it back; a huge page has one, where 512 small ones had as many. What an executor writes to
 * is copied by small pages as ever. V8's heap lies close enough together for it: native/observer/heap.c. */
#ifndef PREFORK_HUGE_H
#define PREFORK_HUGE_H

#include <stdbool.h>

/* In the server, best before there are spares: what they share is copied, and they keep the old. Stops after
 * this time, with false, and goes on when it is called again. Where the kernel knows no huge pages, or none
 * is free, nothing happens. */
bool huge_pages_use(int milliseconds);

#endif
