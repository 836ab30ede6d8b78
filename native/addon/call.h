/* One call, as the waiting executor takes it and reads its request. */
#ifndef PREFORK_CALL_H
#define PREFORK_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"
#include "stale.h"

struct call {
    bool extended;
    int descriptors[PFI_DESCRIPTORS_MAX + 1];
    uint32_t targets[PFI_DESCRIPTORS_MAX + 1];
    size_t descriptor_count;
    uint32_t umask;                   /* extended only */
    uint64_t soft_limits[PFI_LIMITS]; /* extended only */
    char **environment;               /* NULL-terminated; points into the request */
    char **arguments;                 /* after the script */
    size_t argument_count;
};

/* Where an executor's call comes from. */
struct call_source {
    int first;    /* the first call's connection, or -1: accept one */
    int listener; /* the listening socket */
    bool extended;
    struct stale *stale;
};

/* Blocks until this spare has a call, and reads its request. Ends the process when it is dismissed, when what
 * it would run is stale, and when the client goes away or sends nonsense before it has sent a whole request:
 * nothing has run then. */
void call_await(const struct call_source *source, struct call *call);

/* Reads the extended request of the first call, for a setup that cannot fork: greets with the reason on
 * `connection`. Returns false when the client went away. */
bool call_read_unforked(int connection, const char *reason, struct call *call);

/* Tells the client that nothing has run and why; ends the process. Only before the script goes on. */
void call_refuse(const char *reason) __attribute__((noreturn));

/* The request has been read to its last byte and adopted: from here on the connection is the monitor's.
 * (Sooner, and both would read from it.) In an unforked setup there is no monitor: the connection is closed.
 */
void call_hand_over(const struct call *call);

/* Closes everything and tells monitor and client the wait status, ahead of the end of this process. */
void call_report_status(int wait_status);

#endif
