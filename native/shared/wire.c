#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monotonic.h"
#include "protocol.h"

ssize_t read_whole(int fd, void *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, (char *)buffer + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) {
            if (done == 0) return 0;
            errno = EPROTO;
            return -1;
        }
        done += (size_t)n;
    }
    return (ssize_t)size;
}

bool send_whole(int fd, const void *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t n = send(fd, (const char *)buffer + done, size - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        done += (size_t)n;
    }
    return true;
}

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int) * (PFI_DESCRIPTORS_MAX + 1))];
};

bool send_with_descriptors(int fd, const void *buffer, size_t size, const int *descriptors, size_t count) {
    union control control;
    struct iovec piece = {.iov_base = (void *)(uintptr_t)buffer, .iov_len = size};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (count > PFI_DESCRIPTORS_MAX + 1) {
        errno = E2BIG;
        return false;
    }
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(rights), descriptors, sizeof(int) * count);
    }
    ssize_t n;
    do {
        n = sendmsg(fd, &message, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n < 0) return false;
    return send_whole(fd, (const char *)buffer + n, size - (size_t)n);
}

ssize_t receive_with_descriptors(int fd, void *buffer, size_t size, int *descriptors, size_t *count) {
    union control control;
    struct iovec piece = {.iov_base = buffer, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    size_t room = *count, got = 0;
    bool excess = false;
    ssize_t n;
    *count = 0;
    do {
        n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) return n;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        size_t here = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int received;
            memcpy(&received, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
            if (got < room) {
                descriptors[got++] = received;
            } else {
                close(received);
                excess = true;
            }
        }
    }
    if (excess || (message.msg_flags & MSG_CTRUNC)) {
        while (got > 0)
            close(descriptors[--got]);
        errno = EPROTO;
        return -1;
    }
    *count = got;
    if ((size_t)n < size) {
        ssize_t rest = read_whole(fd, (char *)buffer + n, size - (size_t)n);
        if (rest == 0) errno = EPROTO;
        if (rest <= 0) return -1;
    }
    return (ssize_t)size;
}

#define BRIEFLY_NS 100000

void await_briefly(int fd) {
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    for (int64_t until = monotonic_ns() + BRIEFLY_NS; poll(&polled, 1, 0) == 0 && monotonic_ns() < until;)
        sched_yield();
}
