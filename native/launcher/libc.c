#include "libc.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM_HEADERS_MAX 64

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#else
#define MACHINE EM_AARCH64
#endif

static bool is_elf(const Elf64_Ehdr *header) {
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0;
}

/* A kernel may run others as well: 32-bit programs, and those of any machine through qemu. */
static bool is_of_this_machine(const Elf64_Ehdr *header) {
    return header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_machine == MACHINE &&
           header->e_phentsize == sizeof(Elf64_Phdr);
}

/* The loader's path stands where a program header says, so that the kernel finds it. Empty when there is
 * none. */
static void read_loader(int fd, const Elf64_Ehdr *header, char *loader, size_t room) {
    Elf64_Phdr parts[PROGRAM_HEADERS_MAX];
    size_t count = header->e_phnum < PROGRAM_HEADERS_MAX ? header->e_phnum : PROGRAM_HEADERS_MAX;
    ssize_t size = (ssize_t)(count * sizeof *parts);
    loader[0] = '\0';
    if (pread(fd, parts, (size_t)size, (off_t)header->e_phoff) != size) return;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].p_type != PT_INTERP) continue;
        size_t length = parts[i].p_filesz < room ? parts[i].p_filesz : room - 1;
        ssize_t got = pread(fd, loader, length, (off_t)parts[i].p_offset);
        loader[got < 0 ? 0 : got] = '\0';
        return;
    }
}

static enum libc look_at(int fd) {
    Elf64_Ehdr header;
    char loader[256];
    if (pread(fd, &header, sizeof header, 0) != sizeof header || !is_elf(&header)) return LIBC_GLIBC;
    if (!is_of_this_machine(&header)) return LIBC_NONE_OF_OURS;
    read_loader(fd, &header, loader, sizeof loader);
    if (strstr(loader, "/ld-musl-")) return LIBC_MUSL;
    return strstr(loader, "/linker64") ? LIBC_NONE_OF_OURS : LIBC_GLIBC;
}

enum libc libc_of(const char *program) {
    int fd = open(program, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return LIBC_GLIBC;
    enum libc libc = look_at(fd);
    close(fd);
    return libc;
}
