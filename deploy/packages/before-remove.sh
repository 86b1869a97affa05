#!/bin/sh
# Before the removal of the deb (argument "remove") or rpm (0), but not before an upgrade.
set -e
case $1 in
    remove | 0)
        if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
            systemctl disable --now ws-echo.service
        fi
        ;;
esac
