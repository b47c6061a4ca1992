Feature: Xen on U-Boot over TFTP

  Background:
    Given a board that can run "xen" with 2 GiB of memory
    And the boot set "xen-debian12" is staged

  Scenario: dom0 gets the memory that it was promised
    When the board boots to dom0 within 120 s
    Then Xen reports version 4.14 or later
    And dom0 owns 768 MiB
    And the TFTP server sent every staged file exactly once

  Scenario: dom0 runs on Xen and talks to it
    Given the board is at dom0
    When dom0 runs "xl info"
    Then the command succeeds
    And the output contains "xen_version"
    And "uname -r" in dom0 prints the kernel of the boot set

  Scenario: a guest starts from dom0
    Given the board is at dom0
    When dom0 runs "xl create /etc/xen/guest1.cfg"
    Then guest "guest1" reaches its shell within 60 s
    And "uname -r" in guest "guest1" prints the kernel of the boot set

  Scenario: dom0 lists the guest and destroys it
    Given the board is at dom0
    And dom0 has the guest "guest1"
    When dom0 runs "xl list"
    Then the output contains "Domain-0"
    And the output contains "guest1"
    When dom0 runs "xl destroy guest1"
    Then the command succeeds
    And dom0 no longer lists the guest "guest1"
