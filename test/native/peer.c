/*
 * The other side of the protocol, byte by byte: what JavaScript cannot do, as it passes no descriptors. Bytes
 * are in hexadecimal.
 *
 *   peer serve SOCKET GREETING REPLY [FRAME]
 *
 * accepts one client; with FRAME it reads a frame before it replies.
 *
 *   peer leave SOCKET GREETING COUNT
 *
 * accepts COUNT clients, who are left alone with the greeting, and stays until it is ended: they look at it.
 *
 *   peer call SOCKET REQUEST COUNT
 *
 * sends REQUEST with COUNT descriptors, of 0, 1, 2 and the directory; with none it says nothing more.
 *
 *   node-...
 *
 * is a setup: as serve, on the socket of the first call, with GREETING from the environment.
 *
 * It prints a line for each thing received: its name, a space, its bytes.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST_DESCRIPTORS 250
#define HEADER_SIZE 152
#define FRAME_SIZE 8
#define FIRST_CALL 65

static void check(int good, const char *what) {
    if (good) return;
    perror(what);
    exit(1);
}

static size_t from_hex(const char *text, unsigned char **bytes) {
    size_t size = strlen(text) / 2;
    *bytes = malloc(size + 1);
    check(*bytes != NULL, "malloc");
    for (size_t i = 0; i < size; i++) {
        unsigned value = 0;
        check(sscanf(text + 2 * i, "%2x", &value) == 1, "hexadecimal digits");
        (*bytes)[i] = (unsigned char)value;
    }
    return size;
}

static void print(const char *name, const unsigned char *bytes, size_t size) {
    printf("%s ", name);
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    printf("\n");
    fflush(stdout);
}

/* The other end may have had enough and gone: what it then says, or does not say, is the result. */
static void send_hex(int fd, const char *text, int descriptor_count) {
    unsigned char *bytes;
    union {
        struct cmsghdr align;
        char space[CMSG_SPACE(4 * sizeof(int))];
    } control = {0};
    int descriptors[4] = {0, 1, 2, open(".", O_PATH | O_DIRECTORY)};
    struct iovec part = {.iov_len = from_hex(text, &bytes)};
    part.iov_base = bytes;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor_count > 0) {
        size_t size = (size_t)descriptor_count * sizeof(int);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(size);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(header), descriptors, size);
    }
    if (part.iov_len > 0 && sendmsg(fd, &message, MSG_NOSIGNAL) < 0) perror("sendmsg");
    free(bytes);
}

static struct sockaddr_un address_of(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    check(strlen(path) < sizeof address.sun_path, "path");
    strcpy(address.sun_path, path);
    return address;
}

static size_t number_at(const unsigned char *bytes) {
    uint32_t number;
    memcpy(&number, bytes, sizeof number);
    return ntohl(number);
}

/* How long the request is, as far as is known from `have` bytes of it. */
static size_t size_of_request(const unsigned char *bytes, size_t have) {
    if (have == 0) return 1;
    if (bytes[0] == 0) return have < 8 ? 8 : 8 + number_at(bytes + 4);
    return have < HEADER_SIZE ? HEADER_SIZE : HEADER_SIZE + number_at(bytes + 4);
}

static void read_request(int fd) {
    static unsigned char bytes[1 << 20];
    union {
        struct cmsghdr align;
        char space[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
    } control;
    size_t have = 0, wanted;
    while (have < (wanted = size_of_request(bytes, have))) {
        struct iovec part = {.iov_base = bytes + have, .iov_len = wanted - have};
        struct msghdr message = {
            .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
        ssize_t n = recvmsg(fd, &message, 0);
        check(n > 0, "recvmsg");
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        if (header) printf("descriptors at %zu: %zu\n", have, (header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        have += (size_t)n;
    }
    print("request", bytes, have);
}

static void serve(int fd, const char *greeting, const char *reply, int with_frame) {
    unsigned char frame[FRAME_SIZE];
    send_hex(fd, greeting, 0);
    read_request(fd);
    if (with_frame) {
        check(recv(fd, frame, sizeof frame, MSG_WAITALL) == sizeof frame, "recv");
        print("frame", frame, sizeof frame);
    }
    send_hex(fd, reply, 0);
}

static int listen_at(const char *path) {
    struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    check(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 5) == 0, path);
    printf("listening \n");
    fflush(stdout);
    return fd;
}

static int accept_one(int listener) {
    int client = accept(listener, NULL, NULL);
    check(client >= 0, "accept");
    return client;
}

/* Nothing can be sent to it any more when the greeting is there, as if it had died in between. The last of
 * all leaves no listener behind. */
static void leave(const char *path, const char *greeting, int count) {
    int listener = listen_at(path);
    for (; count > 0; count--) {
        int client = accept_one(listener);
        if (count == 1) close(listener);
        shutdown(client, SHUT_RD);
        send_hex(client, greeting, 0);
        close(client);
        printf("left\n");
        fflush(stdout);
    }
    pause();
}

static void call(const char *path, const char *request, int descriptor_count) {
    struct sockaddr_un address = address_of(path);
    unsigned char bytes[4096];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    check(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, path);
    check(recv(fd, bytes, 8, MSG_WAITALL) == 8, "recv");
    size_t extra = number_at(bytes + 4);
    check(extra == 0 || recv(fd, bytes + 8, extra, MSG_WAITALL) == (ssize_t)extra, "recv");
    print("greeting", bytes, 8 + extra);
    send_hex(fd, request, descriptor_count);
    if (descriptor_count == 0) shutdown(fd, SHUT_WR);
    size_t have = 0;
    for (ssize_t n; (n = recv(fd, bytes + have, sizeof bytes - have, 0)) > 0;)
        have += (size_t)n;
    print("reply", bytes, have);
}

/* It passes no shell on the way, as programs that setup starts get none of our descriptors. */
static int be_setup(void) {
    const char *greeting = getenv("GREETING");
    if (!greeting) return 2;
    serve(FIRST_CALL, greeting, "", 0);
    return 9;
}

int main(int argc, char **argv) {
    const char *mode = argc >= 5 ? argv[1] : "", *name = strrchr(argv[0], '/');
    if (!strncmp(name ? name + 1 : argv[0], "node", 4)) return be_setup();
    if (!strcmp(mode, "serve"))
        serve(accept_one(listen_at(argv[2])), argv[3], argv[4], argc > 5);
    else if (!strcmp(mode, "leave"))
        leave(argv[2], argv[3], atoi(argv[4]));
    else if (!strcmp(mode, "call"))
        call(argv[2], argv[3], atoi(argv[4]));
    else
        return 2;
    return 0;
}
