#include "follow.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monotonic.h"
#include "plain.h"
#include "protocol.h"
#include "say.h"
#include "stop.h"
#include "wait.h"
#include "wire.h"

#define REASON_MAX 1024
#define REASON_MS 10000

noreturn static void lose(const struct call *call) {
    die("lost the executor of %s: the connection ended before its status came; it is not run again",
        script_name(call));
}

/* A monitor that does not read, or is gone, makes no difference here: its end of file or status will come. */
static void send_signal(const struct conversation *conversation, int number, unsigned flags) {
    struct pfi_frame frame = {
        .kind = PFI_FRAME_SIGNAL, .flags = (uint8_t)flags, .value = htonl((uint32_t)number)};
    send(conversation->fd, &frame, sizeof frame, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* The group as a whole is continued, as a shell does it. Also when the kernel did not stop us (an orphaned
 * group): a plain script would not have stopped either. */
static void say_continued(const struct conversation *conversation, unsigned flags) {
    send_signal(conversation, SIGCONT, PFI_SIGNAL_FROM_TERMINAL | flags);
}

/* What follows a stop in what the monitor says tells that the script goes on, or has ended. */
static bool is_past(const struct conversation *conversation) {
    char byte;
    return recv(conversation->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

static void stop_likewise(const struct conversation *conversation, int number) {
    if (is_past(conversation))
        say_continued(conversation, PFI_SIGNAL_WAS_PAST);
    else
        say_continued(conversation, stop_self(number, NULL) ? 0 : PFI_SIGNAL_NOT_STOPPED);
}

/* We were stopped by somebody else when the monitor told us to stop, and what continued us is meant for that
 * stop as well. */
static bool was_told_to_stop(const struct conversation *conversation) {
    struct pfi_frame frame;
    while (recv(conversation->fd, &frame, sizeof frame, MSG_PEEK | MSG_DONTWAIT) == (ssize_t)sizeof frame) {
        if (frame.kind != PFI_FRAME_STOPPED && frame.kind != PFI_FRAME_CONTINUED) return false;
        if (read_whole(conversation->fd, &frame, sizeof frame) <= 0) return false;
        if (frame.kind == PFI_FRAME_STOPPED) return true;
    }
    return false;
}

/* True: among them was one that continued us after the monitor had told us to stop, `told` or in what it says
 * next; and it has its answer. */
static bool pass_signals(struct call *call, const struct conversation *conversation, bool told) {
    struct caught caught;
    bool answered = false;
    while (take_signal(&call->signals, &caught)) {
        if (caught.number == SIGCONT && ((told && !answered) || was_told_to_stop(conversation))) {
            say_continued(conversation, 0);
            answered = true;
        } else {
            send_signal(conversation, caught.number, caught.from_terminal ? PFI_SIGNAL_FROM_TERMINAL : 0);
        }
    }
    return answered;
}

/* Nothing has run: the plain run is the first. */
noreturn static void run_refused(struct call *call, struct conversation *conversation, size_t length) {
    char reason[REASON_MAX + 1] = "";
    if (length > REASON_MAX) length = REASON_MAX;
    if (length > 0 && read_in_time(conversation->fd, reason, length, monotonic_ms() + REASON_MS) <= 0)
        strcpy(reason, "no reason given");
    run_plainly(call, "it was refused: %s", reason);
}

/* Reads one frame. True: it was the status. */
static bool read_frame(struct call *call, struct conversation *conversation, int *status) {
    struct pfi_frame frame;
    if (read_whole(conversation->fd, &frame, sizeof frame) <= 0) lose(call);
    uint32_t value = ntohl(frame.value);
    switch (frame.kind) {
    case PFI_FRAME_STATUS:
        *status = (int)value;
        return true;
    case PFI_FRAME_REFUSED:
        run_refused(call, conversation, value);
    case PFI_FRAME_STOPPED:
        /* Somebody may have stopped and continued us since we woke up for this. */
        if (!pass_signals(call, conversation, true)) stop_likewise(conversation, (int)value);
        return false;
    default:
        return false; /* continued, or of a later version: nothing to do */
    }
}

int follow_monitor(struct call *call, struct conversation *conversation) {
    struct pollfd polled[] = {{.fd = conversation->fd, .events = POLLIN},
                              {.fd = call->signals.fd, .events = POLLIN}};
    int status;
    for (;;) {
        if (poll(polled, 2, -1) < 0) {
            if (errno == EINTR) continue;
            die("cannot wait for the executor of %s: %s", script_name(call), strerror(errno));
        }
        if (polled[1].revents) {
            pass_signals(call, conversation, false);
            continue; /* it may have taken a frame */
        }
        if (polled[0].revents && read_frame(call, conversation, &status)) return status;
    }
}

/* A monitor of version 1 knows one signal: that we are gone. So signals have their usual effect on us. */
int follow_version_1(struct call *call, struct conversation *conversation) {
    uint32_t status;
    if (read_whole(conversation->fd, &status, sizeof status) != sizeof status) lose(call);
    return (int)ntohl(status);
}

/* Setup could not take the call over, and has ended for that. */
static void check_refusal(struct call *call, struct conversation *conversation) {
    struct pfi_frame frame;
    if (recv(conversation->fd, &frame, sizeof frame, MSG_DONTWAIT) != (ssize_t)sizeof frame) return;
    if (frame.kind == PFI_FRAME_REFUSED) run_refused(call, conversation, ntohl(frame.value));
}

int follow_setup(struct call *call, struct conversation *conversation) {
    struct pollfd polled = {.fd = call->signals.fd, .events = POLLIN};
    struct child_change change = {0};
    struct caught caught;
    for (;;) {
        while (wait_for_child(conversation->setup, &change)) {
            if (change.ended) {
                check_refusal(call, conversation);
                return change.status;
            }
            if (change.stopped) stop_with_setup(conversation->setup, change.signal);
        }
        if (poll(&polled, 1, -1) < 0 && errno != EINTR)
            die("cannot wait for %s: %s", script_name(call), strerror(errno));
        while (take_signal(&call->signals, &caught))
            if (!caught.from_terminal) kill(conversation->setup, caught.number);
    }
}
