/* The same as bare-responder.js in C, with the system calls that it needs and no other. */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <fcntl.h>

int main(void)
{
    static const char answer[] = "\r\nOK\r\n";
    static char input[65536], output[65536 * 6];
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return 1;
    /* Kept open, so that reading does not fail while no host has the port. */
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    struct termios settings;
    if (slave < 0 || tcgetattr(slave, &settings) != 0)
        return 1;
    cfmakeraw(&settings);
    tcsetattr(slave, TCSANOW, &settings);
    printf("{\"port\":\"%s\"}\n", ptsname(master));
    fflush(stdout);
    struct pollfd awaited = {.fd = master, .events = POLLIN};
    while (poll(&awaited, 1, -1) > 0) {
        ssize_t length = read(master, input, sizeof input);
        size_t filled = 0;
        for (ssize_t at = 0; at < length; at++) {
            if (input[at] != '\r')
                continue;
            memcpy(output + filled, answer, sizeof answer - 1);
            filled += sizeof answer - 1;
        }
        if (length <= 0 || write(master, output, filled) < 0)
            return 1;
    }
    return 1;
}
