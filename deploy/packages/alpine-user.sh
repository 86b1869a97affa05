#!/bin/sh
# Before the installation of the apk: the user of the service. Debian and Fedora need none, for the unit has DynamicUser=yes.
addgroup -S ws-echo 2>/dev/null
adduser -S -D -H -h /var/empty -s /sbin/nologin -G ws-echo -g ws-echo ws-echo 2>/dev/null
exit 0
