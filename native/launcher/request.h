/* What the executor needs to be the call. */
#ifndef LAUNCHER_REQUEST_H
#define LAUNCHER_REQUEST_H

#include <sys/types.h>

#include "greeting.h"

/* The extended request, ready to be sent in one message. */
struct request {
    char *bytes;
    size_t size;
    int descriptors[PFI_DESCRIPTORS_MAX];
    size_t descriptor_count;
};

/* Puts it together, once; runs the script plainly if it would be too long. */
void prepare_request(struct call *call, struct request *request);

/* Sends it, in the form that the other side offered. False, with errno: not whole, and so it cannot have run.
 */
bool send_request(const struct call *call, const struct conversation *conversation,
                  const struct request *request);

/* It can only be asked by setting another one, which is set back. */
mode_t read_umask(void);

#endif
