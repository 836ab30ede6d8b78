/*
 * The monitor: one for each executor, its parent, and as small as can be. It
 * waits with its executor until that takes a call; then it passes the client's
 * signals on, tells the client of stops and of the end, and ends the executor's
 * group when the client goes away. docs/protocol.md says who started it and how.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "close_between.h"
#include "monitor.h"
#include "monotonic.h"
#include "protocol.h"
#include "stops.h"
#include "wire.h"

/* How long a group whose client has gone may take over SIGINT, then over SIGTERM, before SIGKILL. */
#define GRACE_AFTER_INT_MS 2000
#define GRACE_AFTER_TERM_MS 3000

static void take_arguments(struct monitor *m, int argc, char **argv);
static void close_other_descriptors(const struct monitor *m);
static void watch_signals(struct monitor *m);
static void reap(struct monitor *m);
static void wait_for_event(struct monitor *m);

int main(int argc, char **argv) {
    struct monitor m = {.connection = -1};
    take_arguments(&m, argc, argv);
    close_other_descriptors(&m);
    watch_signals(&m);
    reap(&m);
    for (;;)
        wait_for_event(&m);
}

static void __attribute__((noreturn)) fail(const char *what) {
    fprintf(stderr, "prefork-interp-monitor: %s: %s\n", what, strerror(errno));
    exit(PFI_MONITOR_FAILED);
}

static void take_arguments(struct monitor *m, int argc, char **argv) {
    if (argc < 7) {
        fprintf(stderr, "prefork-interp-monitor: started by a prefork-interp server only\n");
        exit(PFI_MONITOR_FAILED);
    }
    m->private = atoi(argv[1]);
    m->leash = atoi(argv[2]);
    int spares = atoi(argv[3]);
    size_t index = strtoul(argv[4], NULL, 10);
    m->generation = (uint32_t)strtoul(argv[5], NULL, 10);
    m->executor = atoi(argv[6]);
    size_t size = (index + 1) * sizeof(uint32_t);
    _Atomic uint32_t *words = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, spares, 0);
    if (words == MAP_FAILED) fail("cannot map the spares' words");
    m->word = &words[index];
}

/* Whatever else the server had open must not live on in a monitor: a pipe end kept here keeps $(cmd) waiting.
 */
static void close_other_descriptors(const struct monitor *m) {
    int low = m->private < m->leash ? m->private : m->leash;
    int high = m->private < m->leash ? m->leash : m->private;
    close_between(3, low - 1);
    close_between(low + 1, high - 1);
    close_between(high + 1, INT_MAX);
}

/* Setting SIGCHLD takes away one that is pending: an executor can have served a call and ended before we got
 * here, so it is asked for once without a signal. */
static void watch_signals(struct monitor *m) {
    sigset_t all, wanted;
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGTERM);
    m->signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    if (m->signals < 0) fail("cannot make a signalfd");
}

static int time_left(const struct monitor *m);
static void meet_deadlines(struct monitor *m);
static void read_private(struct monitor *m);
static void read_client(struct monitor *m);
static void read_signals(struct monitor *m);
static void lose_server(struct monitor *m);

static void wait_for_event(struct monitor *m) {
    struct pollfd events[] = {
        {.fd = m->signals, .events = POLLIN},
        {.fd = m->private, .events = POLLIN},
        {.fd = m->leash, .events = POLLIN},
        {.fd = m->ending_with ? -1 : m->connection, .events = POLLIN},
    };
    int ready = poll(events, 4, time_left(m));
    if (ready < 0 && errno != EINTR) fail("cannot poll");
    meet_deadlines(m);
    if (ready <= 0) return;
    /* What the executor said comes before its end: an early status must win over SIGCHLD. */
    if (events[1].revents) read_private(m);
    if (events[2].revents) lose_server(m);
    /* The status may have come together with the client's leaving: there is no client then. */
    if (events[3].revents && m->connection >= 0) read_client(m);
    if (events[0].revents) read_signals(m);
}

static bool looks(const struct monitor *m) {
    return m->connection >= 0 && !m->ending_with;
}

static int time_left(const struct monitor *m) {
    long long until = m->deadline_ms;
    if (looks(m) && (!until || m->look_ms < until)) until = m->look_ms;
    if (!until) return -1;
    long long left = until - monotonic_ms();
    return left > 0 ? (int)left : 0;
}

static void end_group(struct monitor *m);

static void meet_deadlines(struct monitor *m) {
    if (!m->deadline_ms && !looks(m)) return;
    long long now = monotonic_ms();
    if (m->deadline_ms && now >= m->deadline_ms) end_group(m);
    if (!looks(m) || now < m->look_ms) return;
    look_at_client(m);
}

static void report_status(struct monitor *m, int status);

static void read_private(struct monitor *m) {
    struct pfi_frame frame;
    int received[1];
    size_t count = 1;
    ssize_t n = receive_with_descriptors(m->private, &frame, sizeof frame, received, &count, FOR_EVER);
    if (n != (ssize_t)sizeof frame) {
        /* The executor closed its end: it is on its way out, or became another program. Its end is what
         * counts. */
        close(m->private);
        m->private = -1;
        return;
    }
    if (frame.kind == PFI_PRIVATE_CALL && count == 1 && m->connection < 0 && !m->reported) {
        m->connection = received[0];
        m->extended = ntohl(frame.value) != PFI_REQUEST_V1;
        begin_looking(m);
        return;
    }
    if (count == 1) close(received[0]);
    if (frame.kind == PFI_PRIVATE_STATUS && !m->reported) report_status(m, (int)ntohl(frame.value));
}

void send_frame(const struct monitor *m, uint8_t kind, uint32_t value) {
    struct pfi_frame frame = {.kind = kind, .value = htonl(value)};
    if (m->connection >= 0 && m->extended) send_whole(m->connection, &frame, sizeof frame);
}

static void report_status(struct monitor *m, int status) {
    uint32_t raw = htonl((uint32_t)status);
    if (m->extended) {
        send_frame(m, PFI_FRAME_STATUS, (uint32_t)status);
    } else if (m->connection >= 0) {
        send_whole(m->connection, &raw, sizeof raw);
    }
    if (m->connection >= 0) {
        let_client_end(m);
        close(m->connection);
    }
    m->connection = -1;
    m->reported = true;
    m->deadline_ms = 0;
}

/* The server is gone (its end of the leash is closed). A call in flight goes on without it; a spare that
 * nobody can refill or count any more is dismissed, unless it takes a call in this very moment: the word
 * decides. */
static void lose_server(struct monitor *m) {
    uint32_t idle = PFI_SPARE_WORD(m->generation, PFI_SPARE_IDLE);
    close(m->leash);
    m->leash = -1;
    /* 1 and 2 lead to the server's watcher, which waits for their end; 0 is /dev/null. */
    dup2(STDIN_FILENO, STDOUT_FILENO);
    dup2(STDIN_FILENO, STDERR_FILENO);
    if (m->connection >= 0 || m->reported) return;
    if (atomic_compare_exchange_strong(m->word, &idle, PFI_SPARE_WORD(m->generation, PFI_SPARE_DISMISSED)))
        kill(m->executor, SIGKILL);
}

static void forward_signal(struct monitor *m, const struct pfi_frame *frame);

static void read_client(struct monitor *m) {
    struct pfi_frame frame;
    /* A client of version 1 says nothing after its request: whatever arrives means that it went away. */
    if (m->extended && read_whole(m->connection, &frame, sizeof frame) == (ssize_t)sizeof frame) {
        forward_signal(m, &frame);
        return;
    }
    /* It may have had its status from the executor, which tells us first. */
    struct pollfd word = {.fd = m->private, .events = POLLIN};
    if (poll(&word, 1, 0) > 0) return;
    end_group(m);
}

static void forward_signal(struct monitor *m, const struct pfi_frame *frame) {
    int number = (int)ntohl(frame->value);
    if (frame->kind != PFI_FRAME_SIGNAL || number < 1 || number >= NSIG) return;
    /* What the terminal sends, it sends to the whole foreground group; what a process sends, to the script
     * alone. */
    bool group = frame->flags & PFI_SIGNAL_FROM_TERMINAL;
    if (number == SIGCONT && !continues_executor(m, frame->flags)) return;
    m->passed[number] = true;
    kill(group ? -m->executor : m->executor, number);
}

/* The client went away, so nobody waits for this call: SIGINT, then SIGTERM, then SIGKILL to the group. */
static void end_group(struct monitor *m) {
    static const struct {
        int signal, grace_ms;
    } steps[] = {{SIGINT, GRACE_AFTER_INT_MS}, {SIGTERM, GRACE_AFTER_TERM_MS}, {SIGKILL, 0}};
    size_t step = m->ending_with == 0 ? 0 : m->ending_with == SIGINT ? 1 : 2;
    m->ending_with = steps[step].signal;
    m->passed[m->ending_with] = true;
    m->deadline_ms = steps[step].grace_ms ? monotonic_ms() + steps[step].grace_ms : 0;
    kill(-m->executor, steps[step].signal);
    /* A stopped process sees no signal but SIGKILL until it goes on. */
    kill(-m->executor, SIGCONT);
}

static void read_signals(struct monitor *m) {
    struct signalfd_siginfo info;
    while (read(m->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD) reap(m);
        bool dismissed = atomic_load(m->word) == PFI_SPARE_WORD(m->generation, PFI_SPARE_DISMISSED);
        if (info.ssi_signo != SIGTERM || !dismissed || m->connection >= 0) continue;
        m->passed[SIGKILL] = true;
        kill(m->executor, SIGKILL);
    }
}

/* What the executor said comes before what became of it, also where we learn of that first: it may have taken
 * its call and stopped, or ended, before we got so far as to read. */
static void read_all_private(struct monitor *m) {
    struct pollfd word = {.fd = m->private, .events = POLLIN};
    while (m->private >= 0 && poll(&word, 1, 0) > 0) {
        read_private(m);
        word.fd = m->private;
    }
}

static void reap(struct monitor *m) {
    int status;
    pid_t pid;
    while ((pid = waitpid(m->executor, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
        read_all_private(m);
        if (WIFSTOPPED(status)) {
            note_stop(m, WSTOPSIG(status));
        } else if (WIFCONTINUED(status)) {
            note_continue(m);
        } else {
            if (!m->reported) report_status(m, status);
            exit(WIFSIGNALED(status) && !m->passed[WTERMSIG(status)] ? WTERMSIG(status) : 0);
        }
    }
    if (pid < 0 && errno == ECHILD) exit(0);
}
