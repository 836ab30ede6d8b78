#include "stops.h"

#include <poll.h>
#include <sys/socket.h>

#include "monotonic.h"
#include "protocol.h"
#include "standing.h"

/* How often a running call's client is looked at. Nothing tells a process that another, not its child, was
 * stopped by SIGSTOP or put into the background of its terminal; and of our session no kernel asks for job
 * control on the client's terminal. A call shorter than this is never looked at. A look takes 9 us, and 0.2
 * ms in the background. */
#define LOOK_MS 500
/* After it was continued, as that is when it may be in the background and begin to read, and when it is to be
 * continued: from here on twice the time with each look. */
#define LOOK_SOON_MS 10
/* How long a client may take to hear of the end; one that a debugger holds does not hear. */
#define END_MS 10000

static void plan_look(struct monitor *m, int in_ms) {
    m->look_again_ms = in_ms;
    m->look_ms = monotonic_ms() + in_ms;
}

void begin_looking(struct monitor *m) {
    plan_look(m, LOOK_MS);
}

/* Whoever made the connection, or the pair. It may be in another pid namespace, and has no number here then.
 */
static pid_t find_client(const struct monitor *m, struct standing *client) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (m->connection < 0 || getsockopt(m->connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return 0;
    return peer.pid > 0 && find_standing(peer.pid, client) ? peer.pid : 0;
}

/* A plain script in the background would be stopped as it reads its shell's keys. */
static bool reads_behind_shell(const struct monitor *m, const struct standing *client) {
    return client->background && !m->unstoppable && reads_terminal(m->executor, client->terminal);
}

/* Nobody else does, where the executor was continued itself: its client is the one that the caller waits for.
 */
static void wake_client(struct monitor *m) {
    struct standing client;
    pid_t pid = find_client(m, &client);
    if (!pid || !(client.stopped || client.traced)) return;
    m->woken = kill(pid, SIGCONT) == 0;
}

/* Whatever stops the client alone (SIGSTOP) is meant for the script alone, and so is what continues it; a
 * client of version 1 does not tell us that. */
static void follow_client(struct monitor *m) {
    struct standing client;
    if (!find_client(m, &client)) return;
    if (client.stopped && !m->stopped) {
        m->with_client = true;
        kill(m->executor, SIGSTOP);
    } else if (m->with_client && !client.stopped) {
        m->continuing = true;
        kill(m->executor, SIGCONT);
    } else if (!m->stopped && reads_behind_shell(m, &client)) {
        kill(-m->executor, SIGTTIN);
    }
}

/* Told to stop, it may not have done so yet when the executor goes on: so it is looked at until it answers.
 */
void look_at_client(struct monitor *m) {
    if (m->told && !m->stopped)
        wake_client(m);
    else if (!m->told)
        follow_client(m);
    plan_look(m, m->look_again_ms * 2 < LOOK_MS ? m->look_again_ms * 2 : LOOK_MS);
}

static void tell_to_stop(struct monitor *m, int number) {
    if (!m->extended || m->connection < 0) return;
    send_frame(m, PFI_FRAME_STOPPED, (uint32_t)number);
    m->told = true;
}

void note_stop(struct monitor *m, int number) {
    m->stopped = true;
    m->stopped_by = number;
    m->continuing = false;
    /* Where we stopped it the client stands still already, and would do so a second time. */
    if (!m->with_client && !m->told) tell_to_stop(m, number);
}

void note_continue(struct monitor *m) {
    bool by_others = !m->continuing, with_client = m->with_client;
    m->stopped = m->with_client = m->continuing = false;
    send_frame(m, PFI_FRAME_CONTINUED, 0);
    if (m->told || (with_client && by_others)) wake_client(m);
    if (m->told) plan_look(m, LOOK_SOON_MS);
}

/* Continued in the background, a script that waits for keys would take them before the next look. */
static bool stays_stopped(struct monitor *m) {
    struct standing client;
    if (!m->stopped || !find_client(m, &client) || !reads_behind_shell(m, &client)) return false;
    tell_to_stop(m, SIGTTIN);
    return true;
}

/* What continued the client was meant for the script, unless it was us. (Two that come at once are one to the
 * kernel.) */
bool continues_executor(struct monitor *m, unsigned flags) {
    bool answers = m->told && (flags & PFI_SIGNAL_FROM_TERMINAL),
         by_us = m->woken || (flags & PFI_SIGNAL_WAS_PAST);
    if (flags & PFI_SIGNAL_NOT_STOPPED) m->unstoppable = true;
    if (answers) m->told = false;
    m->woken = false;
    if (by_us) {
        /* Stopped once more while its client went on. */
        if (answers && m->stopped) tell_to_stop(m, m->stopped_by);
        return false;
    }
    if (stays_stopped(m)) return false;
    plan_look(m, LOOK_SOON_MS);
    m->continuing = m->stopped;
    return true;
}

/* Whoever killed a stopped executor has ended the job. And one that went on and ended at once may have done
 * so before its client has stopped as it was told. */
void let_client_end(struct monitor *m) {
    if (!m->told && !m->stopped && !m->with_client) return;
    long long end = monotonic_ms() + END_MS;
    do {
        wake_client(m);
        struct pollfd gone = {.fd = m->connection};
        if (poll(&gone, 1, LOOK_SOON_MS) > 0) return;
    } while (monotonic_ms() < end);
}
