Feature: A guest that Xen itself starts, beside dom0

  Scenario: dom0 and the dom0less guest both come up
    Given a board that can run "xen" with 2 GiB of memory
    And the boot set "xen-debian12-dom0less" is staged
    When the board boots to dom0 within 120 s
    Then Xen reports version 4.14 or later
    And the dom0less guest "dom1" is ready within 60 s
    And dom0 runs "cat /sys/hypervisor/type"
    And the output is "xen"

  Scenario: each console on the shared UART is read and typed to by itself
    Given a board that can run "xen" with 2 GiB of memory
    And the boot set "xen-debian12-dom0less" is staged
    And the board is at dom0
    Then the console of "xen" says "LOADING DOMU" within 5 s
    And the console of "dom1" says "BRINGUP guest ready name=dom1" within 60 s
    When the input goes to "dom1"
    Then the console of "xen" says "*** Serial input to DOM1" within 5 s
    When the console of "dom1" runs "cat /proc/cmdline"
    Then the output contains "bringup.name=dom1"
    When dom0 runs "cat /proc/cmdline"
    Then the output contains "console=hvc0"
    When the console of "dom1" runs "hostname"
    Then the output is "dom1"
