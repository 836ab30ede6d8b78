/*
 * Runs a program with descriptors 0 to 2 as told, and prints what became of it: what JavaScript cannot do, as
 * it makes no terminals and closes no descriptors of a child.
 *
 *   run SECONDS READER WHEN SIGNAL INPUT SCRATCH KIND KIND KIND PROGRAM [ARGUMENT...]
 *
 * KIND     of 0, 1 and 2: pipe, file, null, tty, socket or closed; of 2 also same: as 1. Terminals are one
 * terminal, the controlling one, without echo: that would come before or after the output as it happens.
 *
 * READER   of pipes and sockets: eager, slow (little at a time, with rests), late (not before 300 ms have
 * passed) or gone (before the program starts)
 *
 * WHEN     the input is fed: start, or ready: when the program has written "ready" on a line
 *
 * SIGNAL   its number is sent to the program when it is ready; 0: none
 *
 * INPUT    the file that 0 reads from, or that is fed to it, with the terminal's end of file after it
 *
 * SCRATCH  files are SCRATCH.1 and SCRATCH.2
 *
 * It prints lines, each a name and its value, and each output after its line `stream NUMBER SIZE`.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LATE_MS 300
#define SLOW_BYTES 4096
#define SLOW_REST_US 300
/* What still holds an output open this long after the program's end holds it for longer. */
#define DRAIN_MS 5000

/* One of the program's three. `theirs` stays open here until its end, to be asked how it was left. */
struct end {
    const char *kind;
    int theirs, ours; /* -1: none */
    int flags;
    char *bytes;
    size_t size, room;
};

struct how {
    const char *reader, *when;
    int signal;
};

static struct end ends[3];
static int master = -1, slave = -1;
static struct termios modes;
static const char *scratch;
static char *input;
static size_t input_size, input_fed;
static bool all_fed, slowly;

static void check(bool good, const char *what) {
    if (good) return;
    perror(what);
    exit(2);
}

static bool is(const char *kind, const char *name) {
    return strcmp(kind, name) == 0;
}

static long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void read_input(const char *path) {
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    check(fd >= 0 && fstat(fd, &stat) == 0, path);
    input = malloc((size_t)stat.st_size + 2);
    check(input && read(fd, input, (size_t)stat.st_size) == stat.st_size, "read input");
    input_size = (size_t)stat.st_size;
    close(fd);
}

/* At the end of a line one end-of-file character is the end; elsewhere the first only ends the line. */
static void end_input_of_terminal(void) {
    if (input_size > 0 && input[input_size - 1] != '\n') input[input_size++] = 4;
    input[input_size++] = 4;
}

static void open_terminal(void) {
    master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    check(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0, "posix_openpt");
    slave = open(ptsname(master),
                 O_RDWR | O_CLOEXEC); /* becomes the controlling terminal, as this process leads a session */
    check(slave >= 0 && tcgetattr(slave, &modes) == 0, "pty");
    modes.c_lflag &= ~(tcflag_t)ECHO;
    struct winsize size = {.ws_row = 31, .ws_col = 97};
    check(tcsetattr(slave, TCSANOW, &modes) == 0 && ioctl(slave, TIOCSWINSZ, &size) == 0, "pty modes");
    check(fcntl(master, F_SETFL, O_NONBLOCK) == 0, "fcntl");
}

static int open_file(int number, const char *path) {
    char name[4096];
    if (number == 0) return open(path, O_RDONLY | O_CLOEXEC);
    snprintf(name, sizeof name, "%s.%d", scratch, number);
    return open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void open_end(int number, const char *path) {
    struct end *end = &ends[number];
    int pair[2] = {-1, -1};
    end->theirs = end->ours = -1;
    if (is(end->kind, "pipe")) {
        check(pipe2(pair, O_CLOEXEC) == 0, "pipe");
        end->theirs = pair[number != 0];
        end->ours = pair[number == 0];
    } else if (is(end->kind, "socket")) {
        check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
        end->theirs = pair[0];
        end->ours = pair[1];
    } else if (is(end->kind, "tty")) {
        if (master < 0) open_terminal();
        end->theirs = fcntl(slave, F_DUPFD_CLOEXEC, 3);
    } else if (is(end->kind, "null")) {
        end->theirs = open("/dev/null", O_RDWR | O_CLOEXEC);
    } else if (is(end->kind, "file")) {
        end->theirs = open_file(number, path);
    } else if (is(end->kind, "same")) {
        if (ends[1].theirs >= 0) end->theirs = fcntl(ends[1].theirs, F_DUPFD_CLOEXEC, 3);
    } else if (!is(end->kind, "closed")) {
        fprintf(stderr, "run: no kind %s\n", end->kind);
        exit(2);
    }
    if (end->ours >= 0) check(fcntl(end->ours, F_SETFL, O_NONBLOCK) == 0, "fcntl");
    end->flags = end->theirs < 0 ? -1 : fcntl(end->theirs, F_GETFL);
}

static void let_go(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
}

/* As a shell starts a job: a group of its own, in the foreground of the terminal. */
static pid_t start(char **program) {
    pid_t child = fork();
    check(child >= 0, "fork");
    if (child > 0) {
        setpgid(child, child);
        return child;
    }
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    if (slave >= 0) tcsetpgrp(slave, getpid());
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    int complaints = fcntl(2, F_DUPFD_CLOEXEC, 3);
    for (int number = 0; number < 3; number++) {
        if (ends[number].theirs < 0)
            close(number);
        else
            dup2(ends[number].theirs, number);
    }
    execvp(program[0], program);
    dprintf(complaints, "run: %s: %s\n", program[0], strerror(errno));
    _exit(127);
}

static void feed(void) {
    bool terminal = is(ends[0].kind, "tty");
    int *to = terminal ? &master : &ends[0].ours;
    ssize_t n = *to < 0 ? -1 : send(*to, input + input_fed, input_size - input_fed, MSG_NOSIGNAL);
    if (n < 0 && errno == ENOTSOCK) n = write(*to, input + input_fed, input_size - input_fed);
    if (n > 0) input_fed += (size_t)n;
    if (n < 0 && errno != EAGAIN && errno != EINTR) input_fed = input_size;
    if (input_fed < input_size) return;
    all_fed = true;
    if (terminal) return;
    if (is(ends[0].kind, "socket"))
        shutdown(ends[0].ours, SHUT_WR);
    else
        let_go(&ends[0].ours);
}

/* What a terminal shows is kept with the output that is first on it. */
static struct end *shown(void) {
    return is(ends[1].kind, "tty") ? &ends[1] : &ends[2];
}

/* Returns false at the end of the output. */
static bool collect(int from, struct end *end) {
    if (end->room - end->size < 65536) {
        end->room = end->room * 2 + 131072;
        end->bytes = realloc(end->bytes, end->room);
        check(end->bytes != NULL, "realloc");
    }
    if (slowly) usleep(SLOW_REST_US);
    ssize_t n = read(from, end->bytes + end->size, slowly ? SLOW_BYTES : end->room - end->size);
    if (n > 0) end->size += (size_t)n;
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool is_ready(void) {
    for (int number = 1; number < 3; number++) {
        if (ends[number].size && memmem(ends[number].bytes, ends[number].size, "ready\n", 6)) return true;
        if (ends[number].size && memmem(ends[number].bytes, ends[number].size, "ready\r\n", 7)) return true;
    }
    return false;
}

/* Waits for what is awaited: room for input, output, a change of the child. */
static void wait_for_events(int changes, bool feeding, bool reading, int limit) {
    struct pollfd polls[5] = {{.fd = changes, .events = POLLIN}};
    short from_master = reading ? POLLIN : 0;
    if (feeding && is(ends[0].kind, "tty")) from_master |= POLLOUT;
    polls[1] = (struct pollfd){.fd = from_master ? master : -1, .events = from_master};
    polls[2] = (struct pollfd){.fd = feeding ? ends[0].ours : -1, .events = POLLOUT};
    for (int number = 1; number < 3; number++)
        polls[2 + number] = (struct pollfd){.fd = reading ? ends[number].ours : -1, .events = POLLIN};
    if (poll(polls, 5, limit) < 0) check(errno == EINTR, "poll");
    if ((polls[1].revents & (POLLIN | POLLHUP)) && reading && !collect(master, shown())) let_go(&master);
    if ((polls[1].revents & POLLOUT) || polls[2].revents) feed();
    for (int number = 1; number < 3; number++)
        if (polls[2 + number].revents && !collect(ends[number].ours, &ends[number]))
            let_go(&ends[number].ours);
}

static int watch_children(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGTTOU, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    int changes = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    check(changes >= 0, "signalfd");
    return changes;
}

/* A program that stops is let go on, as by fg. Returns true when it has ended. */
static bool has_ended(pid_t child, int changes, int *status) {
    struct signalfd_siginfo news;
    pid_t who;
    while (read(changes, &news, sizeof news) > 0)
        continue;
    while ((who = waitpid(child, status, WNOHANG | WUNTRACED)) == child) {
        if (!WIFSTOPPED(*status)) return true;
        printf("stopped %d\n", WSTOPSIG(*status));
        kill(-child, SIGCONT);
    }
    check(who == 0, "waitpid");
    return false;
}

static void tell_end(int status) {
    if (WIFSIGNALED(status))
        printf("signal %d%s\n", WTERMSIG(status), WCOREDUMP(status) ? " with a core" : "");
    else
        printf("code %d\n", WEXITSTATUS(status));
}

static void tell_how_left(void) {
    struct termios left;
    for (int number = 0; number < 3; number++) {
        struct end *end = &ends[number];
        int flags = end->theirs < 0 ? -1 : fcntl(end->theirs, F_GETFL);
        if (flags != end->flags)
            printf("flags %d: 0%o, before 0%o\n", number, (unsigned)flags, (unsigned)end->flags);
    }
    if (is(ends[0].kind, "file")) printf("offset %ld\n", (long)lseek(ends[0].theirs, 0, SEEK_CUR));
    if (slave < 0 || tcgetattr(slave, &left) < 0) return;
    if (left.c_iflag != modes.c_iflag || left.c_oflag != modes.c_oflag || left.c_lflag != modes.c_lflag ||
        memcmp(left.c_cc, modes.c_cc, sizeof left.c_cc))
        printf("modes input 0%o, output 0%o, local 0%o\n", left.c_iflag, left.c_oflag, left.c_lflag);
}

static void tell_streams(void) {
    for (int number = 1; number < 3; number++) {
        printf("stream %d %zu\n", number, ends[number].size);
        if (ends[number].size > 0) fwrite(ends[number].bytes, 1, ends[number].size, stdout);
        printf("\n");
    }
}

/* Files are read through the descriptor that was kept: the program may have removed the name. */
static void collect_file(struct end *end) {
    if (!is(end->kind, "file")) return;
    check(lseek(end->theirs, 0, SEEK_SET) == 0, "lseek");
    size_t before;
    do {
        before = end->size;
        collect(end->theirs, end);
    } while (end->size > before);
}

static bool are_open(void) {
    return master >= 0 || ends[1].ours >= 0 || ends[2].ours >= 0;
}

/* Until the child's end, or the limit. */
static int follow(pid_t child, int changes, long limit, const struct how *how) {
    long begun = now_ms();
    bool ready = false;
    int status;
    while (!has_ended(child, changes, &status)) {
        long passed = now_ms() - begun, next = limit;
        if (passed > limit) {
            printf("late: killed after %ld s\n", limit / 1000);
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        bool reading = !is(how->reader, "late") || passed >= LATE_MS;
        if (!reading) next = LATE_MS;
        wait_for_events(changes, !all_fed && (ready || is(how->when, "start")), reading,
                        (int)(next - passed) + 1);
        if (ready || !is_ready()) continue;
        ready = true;
        if (how->signal) kill(child, how->signal);
    }
    return status;
}

/* Others may hold what the program had; then they are not waited for. */
static void drain(int changes) {
    long begun = now_ms();
    let_go(&ends[0].ours);
    let_go(&slave);
    for (int number = 0; number < 3; number++) {
        collect_file(&ends[number]);
        let_go(&ends[number].theirs);
    }
    while (are_open() && now_ms() - begun < DRAIN_MS)
        wait_for_events(changes, false, true, DRAIN_MS);
    if (are_open()) printf("held: an output did not come to its end\n");
}

int main(int argc, char **argv) {
    if (argc < 11) {
        fprintf(stderr,
                "usage: run SECONDS READER WHEN SIGNAL INPUT SCRATCH KIND KIND KIND PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    struct how how = {.reader = argv[2], .when = argv[3], .signal = atoi(argv[4])};
    slowly = is(how.reader, "slow");
    scratch = argv[6];
    /* Whoever started the tests may have left some open: the program would get them. */
    check(syscall(SYS_close_range, 3, ~0u, 0) == 0, "close_range");
    check(setsid() >= 0, "setsid");
    read_input(argv[5]);
    for (int number = 0; number < 3; number++) {
        ends[number].kind = argv[7 + number];
        open_end(number, argv[5]);
    }
    if (is(ends[0].kind, "tty")) end_input_of_terminal();
    for (int number = 1; number < 3 && is(how.reader, "gone"); number++)
        let_go(&ends[number].ours);

    int changes = watch_children();
    pid_t child = start(argv + 10);
    int status = follow(child, changes, atol(argv[1]) * 1000, &how);
    tell_end(status);
    tell_how_left();
    drain(changes);
    tell_streams();
    return fflush(stdout) == 0 ? 0 : 1;
}
