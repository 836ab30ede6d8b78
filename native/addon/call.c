#include "call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "border.h"
#include "close_between.h"
#include "descriptors.h"
#include "log.h"
#include "monotonic.h"
#include "request.h"
#include "spares.h"
#include "wire.h"

/* How long a client may take over its request once it has been greeted. */
#define REQUEST_MS 10000
/* How long it may take to end, once it has been told the status; one that was stopped does not. */
#define CLIENT_GOES_MS 3

/* The standard descriptors, the directory, and a few that a caller may have besides. */
#define ROOM 16

static int connection = -1;
static pid_t client;

static void take_connection(const struct call_source *source);
static bool is_fresh(struct stale *stale);
static bool greet(int socket, bool extended, const char *word);

void call_await(const struct call_source *source, struct call *call) {
    memset(call, 0, sizeof *call);
    call->extended = source->extended;
    take_connection(source);
    /* The first call was here before anything could be stale. */
    if (source->first < 0 && !is_fresh(source->stale)) _exit(0);
    stale_close(source->stale);
    close(spares_wake_descriptor());
    int64_t until_ms = monotonic_ms() + REQUEST_MS;
    if (!greet(connection, call->extended, NULL)) _exit(0);
    await_briefly(connection);
    if (!request_read(connection, call, until_ms)) {
        log_line(LOG_WARNING, "a client sent no whole request; nothing has run");
        _exit(0);
    }
    /* One of version 1 could not be told. */
    if (source->first < 0 && call->extended && is_outside_of_sandbox(client))
        call_refuse("its server is in a sandbox that it is not in (Landlock)");
    log_leave_output();
}

static bool is_own_user(int socket) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return false;
    client = peer.pid;
    if (peer.uid == geteuid()) return true;
    log_line(LOG_WARNING, "refused a call of process %d of user %u", (int)peer.pid, (unsigned)peer.uid);
    return false;
}

static void take_connection(const struct call_source *source) {
    connection = source->first;
    while (connection < 0) {
        connection = accept4(source->listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0 && errno != EINTR && errno != ECONNABORTED) _exit(0);
    }
    /* Taken, whatever the client does from here on: a silent one must not starve the rest. The first call's
     * executor was made as taken. */
    if (source->first < 0 && !spare_take()) _exit(0);
    spares_wake();
    close(source->listener);
    connection = descriptor_move_up(connection);
    if (connection < 0 || !is_own_user(connection)) _exit(0);
}

static bool is_fresh(struct stale *stale) {
    const char *path;
    if (!stale_suspect(stale)) return true;
    if (stale_verify(stale, &path) == STALE_FRESH) return true;
    stale_turn_away(stale);
    spares_wake();
    return false;
}

static bool greet(int socket, bool extended, const char *reason) {
    char greeting[PFI_GREETING_SIZE + sizeof(uint32_t) + PFI_EXTRA_MAX];
    char *end = greeting;
    memcpy(end, PFI_GREETING, PFI_GREETING_SIZE);
    end += PFI_GREETING_SIZE + sizeof(uint32_t);
    char *extra = end;
    if (extended) end = stpcpy(end, PFI_EXTENSION) + 1;
    if (reason) {
        end = stpcpy(end, PFI_WORD_UNFORKED);
        size_t room = (size_t)(greeting + sizeof greeting - end) - 1, length = strnlen(reason, room);
        memcpy(end, reason, length);
        end += length;
        *end++ = '\0';
    }
    uint32_t size = htonl((uint32_t)(end - extra));
    memcpy(greeting + PFI_GREETING_SIZE, &size, sizeof size);
    return send_whole(socket, greeting, (size_t)(end - greeting));
}

bool call_read_unforked(int socket, const char *reason, struct call *call) {
    memset(call, 0, sizeof *call);
    descriptors_make_room(ROOM);
    call->extended = true;
    connection = socket;
    int64_t until_ms = monotonic_ms() + REQUEST_MS;
    return greet(socket, true, reason) && request_read(socket, call, until_ms);
}

void call_refuse(const char *reason) {
    log_line(LOG_WARNING, "a call was refused before it ran: %s", reason);
    struct pfi_frame frame = {.kind = PFI_FRAME_REFUSED, .value = htonl((uint32_t)strlen(reason))};
    if (send_whole(connection, &frame, sizeof frame)) send_whole(connection, reason, strlen(reason));
    _exit(127);
}

/* Either may be -1. */
static void close_all_but(int one, int other) {
    int low = one < other ? one : other, high = one < other ? other : one;
    close_between(0, low - 1);
    close_between(low + 1, high - 1);
    close_between(high + 1, INT_MAX);
}

/* The executor keeps its end of a connection that speaks frames, for its last word. */
void call_hand_over(const struct call *call) {
    struct pfi_frame frame = {.kind = PFI_PRIVATE_CALL,
                              .value = htonl(call->extended ? PFI_REQUEST_NODE1 : PFI_REQUEST_V1)};
    if (spare_private() >= 0 &&
        !send_with_descriptors(spare_private(), &frame, sizeof frame, &connection, 1, FOR_EVER))
        _exit(127);
    if (call->extended && fcntl(connection, F_SETFD, FD_CLOEXEC) == 0) return;
    close(connection);
    connection = -1;
}

/* A client that was woken on this very processor would wait until our memory is taken down, for a
 * millisecond: so that is put off until it has gone. In turns, 20 ms apart, with /bin/true at 0.7 ms: a
 * one-line script takes 1.1 to 1.2 ms instead of 1.6, and 1.4 instead of 2.5 in the slowest tenth; calls per
 * second of four callers stay the same. */
static void let_client_go(void) {
    struct pollfd gone = {.fd = connection};
    poll(&gone, 1, CLIENT_GOES_MS);
}

/* The client hears it from here, as it would have to wait until a second process has woken up; the monitor
 * hears it first, so that it does not take the client's leaving for a caller who gave up. It tells the client
 * as well: that is what counts where a script has closed our descriptors. */
void call_report_status(int wait_status) {
    struct pfi_frame frame = {.kind = PFI_PRIVATE_STATUS, .value = htonl((uint32_t)wait_status)};
    /* Descriptors go first: whoever reads the call's output must see its end when the caller sees the status.
     */
    close_all_but(spare_private(), connection);
    if (!send_whole(spare_private(), &frame, sizeof frame) || connection < 0) return;
    frame.kind = PFI_FRAME_STATUS;
    send_whole(connection, &frame, sizeof frame);
    let_client_go();
    close(connection);
}
