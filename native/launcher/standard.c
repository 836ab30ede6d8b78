#include "standard.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void remember_standard(struct standard standard[3]) {
    for (int fd = 0; fd < 3; fd++) {
        standard[fd].flags = fcntl(fd, F_GETFL);
        standard[fd].terminal = tcgetattr(fd, &standard[fd].modes) == 0;
    }
}

static void restore_flags(int fd, int before) {
    int now = fcntl(fd, F_GETFL);
    if (before < 0 || now < 0 || !((now ^ before) & O_NONBLOCK)) return;
    fcntl(fd, F_SETFL, now ^ O_NONBLOCK); /* if it fails there is nothing better to do on the way out */
}

/* Only from the foreground: a job in the background must not touch its shell's terminal (and with SIGTTOU
 * blocked nothing would stop it). Compared by field, as the structure has padding. */
static void restore_modes(int fd, const struct termios *before) {
    struct termios now;
    if (tcgetattr(fd, &now) != 0) return;
    if (now.c_iflag == before->c_iflag && now.c_oflag == before->c_oflag && now.c_cflag == before->c_cflag &&
        now.c_lflag == before->c_lflag && !memcmp(now.c_cc, before->c_cc, sizeof now.c_cc))
        return;
    if (!in_background(fd)) tcsetattr(fd, TCSANOW, before);
}

void restore_standard(const struct standard standard[3]) {
    for (int fd = 0; fd < 3; fd++) {
        restore_flags(fd, standard[fd].flags);
        if (standard[fd].terminal) restore_modes(fd, &standard[fd].modes);
    }
}

bool in_background(int fd) {
    pid_t group = tcgetpgrp(fd);
    return group >= 0 && group != getpgrp();
}
