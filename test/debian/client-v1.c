/*
 * A client of version 1 that sends what it is told, byte by byte:
 *     client-v1 SOCKET HEX
 * connects, prints the greeting in hexadecimal digits, sends a zero byte, then its own 0, 1 and 2 with a byte
 * each, then the bytes that HEX stands for, and prints what comes until end of file.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GREETING_SIZE 8

static void print_bytes(const unsigned char *bytes, ssize_t count) {
    for (ssize_t i = 0; i < count; i++)
        printf("%02x", bytes[i]);
}

static void send_descriptor(int to, int descriptor) {
    char byte = 0;
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof control.room};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
    if (sendmsg(to, &message, 0) != 1) err(1, "sendmsg");
}

static void send_hex(int to, const char *hex) {
    for (; *hex; hex += 2) {
        unsigned byte;
        if (sscanf(hex, "%2x", &byte) != 1) errx(1, "no hexadecimal digits: %s", hex);
        if (write(to, &(unsigned char){(unsigned char)byte}, 1) != 1) err(1, "write");
    }
}

int main(int argc, char **argv) {
    unsigned char bytes[4096];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (argc != 3 || strlen(argv[1]) >= sizeof address.sun_path) errx(1, "usage: client-v1 SOCKET HEX");
    strcpy(address.sun_path, argv[1]);
    if (to < 0 || connect(to, (struct sockaddr *)&address, sizeof address) != 0) err(1, "%s", argv[1]);
    if (recv(to, bytes, GREETING_SIZE, MSG_WAITALL) != GREETING_SIZE) err(1, "no whole greeting");
    print_bytes(bytes, GREETING_SIZE);
    printf(" ");
    fflush(stdout);
    send_hex(to, "00");
    for (int descriptor = 0; descriptor < 3; descriptor++)
        send_descriptor(to, descriptor);
    send_hex(to, argv[2]);
    ssize_t count;
    while ((count = read(to, bytes, sizeof bytes)) > 0)
        print_bytes(bytes, count);
    if (count < 0) err(1, "read");
    return 0;
}
