Feature: A guest that Xen itself starts, beside dom0

  Scenario: dom0 and the dom0less guest both come up
    Given a board that can run "xen" with 2 GiB of memory
    And the boot set "xen-debian12-dom0less" is staged
    When the board boots to dom0 within 120 s
    Then Xen reports version 4.14 or later
    And the dom0less guest "dom1" is ready within 60 s
    And dom0 runs "cat /sys/hypervisor/type"
    And the output is "xen"
