#include "connect.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "plain.h"
#include "sandbox.h"
#include "settings.h"

/* Where the backlog is full. */
static void limit_connecting(int fd) {
    struct timeval limit = {.tv_sec = (time_t)(waiting_limit() / 1000)};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
               sizeof limit); /* without it the wait is as long as it is */
}

static int try_connect(struct call *call, int fd) {
    int result;
    do {
        result = connect(fd, (const struct sockaddr *)&call->address, sizeof call->address);
    } while (result != 0 && errno == EINTR);
    return result;
}

static void check_peer(struct call *call, struct conversation *conversation) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(conversation->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        run_plainly(call, "cannot find out whose its server is: %s", strerror(errno));
    if (peer.uid != geteuid()) run_plainly(call, "its server belongs to user %u", (unsigned)peer.uid);
    conversation->server = peer.pid;
    check_sandbox(call, conversation);
}

bool connect_server(struct call *call, struct conversation *conversation) {
    conversation->setup = 0;
    conversation->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (conversation->fd < 0) run_plainly(call, "cannot make a socket: %s", strerror(errno));
    limit_connecting(conversation->fd);
    if (try_connect(call, conversation->fd) != 0) {
        if (errno == EAGAIN) run_plainly_this_time(call, "its server has too many callers waiting");
        if (errno != ENOENT && errno != ECONNREFUSED && errno != ECONNRESET)
            run_plainly(call, "cannot connect to %s: %s", call->address.sun_path, strerror(errno));
        close(conversation->fd);
        return false;
    }
    check_peer(call, conversation);
    return true;
}
