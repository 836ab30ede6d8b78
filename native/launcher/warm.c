#include "warm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"
#include "reach.h"
#include "say.h"

void use_streams_of_nobody(struct call *call) {
    int null = call->standard[0].terminal ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null > 0 && dup2(null, STDIN_FILENO) < 0) die("cannot replace standard input: %s", strerror(errno));
    if (null > 0) close(null);
    if (!call->standard[1].terminal && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        die("cannot replace standard output: %s", strerror(errno));
}

/* The executor that greeted gets no request, and so ends: nothing has run. A setup that cannot be forked ends
 * the same way. */
void warm_up(struct call *call, struct conversation *conversation, struct request *request) {
    reach_executor(call, conversation, request);
    if (conversation->unforked)
        not_warm(call,
                 *conversation->unforked ? conversation->unforked : "another call is starting its server");
    close(conversation->fd);
    _exit(0);
}
