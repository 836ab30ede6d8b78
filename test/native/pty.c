/*
 * A terminal for a test: opens a pair of pseudo terminals, starts PROGRAM as leader of a session whose
 * controlling terminal it is, and does what it is told, a line each on standard input:
 *
 *   pty COLUMNS ROWS PROGRAM [ARGUMENT...]
 *
 *   type HEX              the keys, in hexadecimal
 *   resize COLUMNS ROWS   answers: resized
 *   modes                 answers: modes and all settings, in hexadecimal
 *   foreground            answers: foreground and the process group in the foreground
 *   hangup                closes the terminal
 *
 * What is written to the terminal comes on standard output, answers on descriptor 3. It ends when PROGRAM
 * ends, with its status (128 and the signal's number), or with the end of standard input.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define ANSWERS 3

static int master;

static void check(bool good, const char *what) {
    if (good) return;
    perror(what);
    exit(125);
}

static void set_size(int columns, int rows) {
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    check(ioctl(master, TIOCSWINSZ, &size) == 0, "pty: cannot set the size");
}

static pid_t start(char **argv) {
    const char *name = ptsname(master);
    check(name != NULL, "pty: ptsname");
    pid_t pid = fork();
    check(pid >= 0, "pty: fork");
    if (pid > 0) return pid;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    check(setsid() >= 0, "pty: setsid");
    int terminal = open(name, O_RDWR); /* the first a session leader opens is its controlling terminal */
    check(terminal >= 0, "pty: cannot open the terminal");
    for (int fd = 0; fd < 3; fd++)
        check(dup2(terminal, fd) == fd, "pty: dup2");
    close(terminal);
    close(ANSWERS);
    execvp(argv[0], argv);
    check(false, argv[0]);
    return -1;
}

static void write_all(int fd, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR) continue;
        check(n > 0, "pty: write");
        bytes += n;
        size -= (size_t)n;
    }
}

/* At once, as the bytes of a key come. */
static void type(const char *hex) {
    static char bytes[1 << 15];
    size_t size = 0;
    for (unsigned value; size < sizeof bytes && sscanf(hex, "%2x", &value) == 1; hex += 2)
        bytes[size++] = (char)value;
    write_all(master, bytes, size);
}

static void tell_modes(void) {
    struct termios modes;
    check(tcgetattr(master, &modes) == 0, "pty: tcgetattr");
    dprintf(ANSWERS, "modes %x:%x:%x:%x", modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag);
    for (int i = 0; i < NCCS; i++)
        dprintf(ANSWERS, ":%x", modes.c_cc[i]);
    dprintf(ANSWERS, "\n");
}

static void tell_foreground(void) {
    int group = 0;
    check(ioctl(master, TIOCGPGRP, &group) == 0, "pty: TIOCGPGRP");
    dprintf(ANSWERS, "foreground %d\n", group);
}

static void obey(const char *line) {
    int columns, rows;
    if (!strncmp(line, "type ", 5)) {
        type(line + 5);
    } else if (sscanf(line, "resize %d %d", &columns, &rows) == 2) {
        set_size(columns, rows);
        dprintf(ANSWERS, "resized\n");
    } else if (!strcmp(line, "modes")) {
        tell_modes();
    } else if (!strcmp(line, "foreground")) {
        tell_foreground();
    } else if (!strcmp(line, "hangup")) {
        close(master);
        master = -1;
    } else {
        fprintf(stderr, "pty: what is %s?\n", line);
        exit(125);
    }
}

/* False: standard input has come to its end. */
static bool read_orders(void) {
    static char buffer[1 << 16];
    static size_t used;
    ssize_t n = read(STDIN_FILENO, buffer + used, sizeof buffer - used - 1);
    if (n <= 0) return false;
    used += (size_t)n;
    for (char *end; (end = memchr(buffer, '\n', used));) {
        *end = '\0';
        obey(buffer);
        used -= (size_t)(end + 1 - buffer);
        memmove(buffer, end + 1, used);
    }
    return true;
}

/* False: nobody has the terminal open (EIO). It can come back: whoever knows its name may open it again. */
static bool show_output(void) {
    char bytes[4096];
    ssize_t n = read(master, bytes, sizeof bytes);
    if (n > 0) write_all(STDOUT_FILENO, bytes, (size_t)n);
    return n > 0;
}

static int watch_child(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

/* The program has ended: what it has written is still to be shown. */
static void end_as(int status) {
    struct pollfd output = {.fd = master, .events = POLLIN};
    while (master >= 0 && poll(&output, 1, 0) > 0 && show_output())
        continue;
    exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: pty COLUMNS ROWS PROGRAM [ARGUMENT...]\n");
        return 125;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    check(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0, "pty: cannot make a terminal");
    set_size(atoi(argv[1]), atoi(argv[2]));
    int ended = watch_child();
    pid_t child = start(argv + 3);
    for (int status;;) {
        struct pollfd events[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                  {.fd = master, .events = POLLIN},
                                  {.fd = ended, .events = POLLIN}};
        if (poll(events, 3, -1) < 0) continue;
        if (events[0].revents && !read_orders()) return 125;
        if (events[1].revents && master >= 0) show_output();
        if (events[2].revents && waitpid(child, &status, WNOHANG) == child) end_as(status);
    }
}
