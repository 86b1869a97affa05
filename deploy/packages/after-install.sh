#!/bin/sh
# After the installation or upgrade of the deb or rpm. The service starts only when it is enabled by hand; an upgrade restarts it.
set -e
# DPKG_ROOT is set if the package is installed into another root than that of the running system.
if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl try-restart ws-echo.service
fi
