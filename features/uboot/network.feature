Feature: U-Boot on the bench network
  DHCP and TFTP as a board sees them, served by Bringup.

  Background:
    Given a board that can run "u-boot"
    And the board is at the bootloader

  Scenario: DHCP gives the board its address and names the server
    When U-Boot asks for an address by DHCP
    Then U-Boot has the address that the network promised
    And U-Boot knows the TFTP server

  Scenario: the server answers a ping
    Given U-Boot has an address by DHCP
    When U-Boot runs "ping ${serverip}"
    Then the command succeeds
    And the output contains "is alive"

  Scenario Outline: a file of <size> arrives as it was sent
    Given U-Boot has an address by DHCP
    And a file "sample.bin" of <size> is staged
    When U-Boot loads "sample.bin" by TFTP
    Then the command succeeds
    And U-Boot has received the whole file "sample.bin"
    And the TFTP server sent "sample.bin" exactly once

    Examples:
      | size    |
      | 1 B     |
      | 1467 B  |
      | 1468 B  |
      | 1469 B  |
      | 5000 B  |
      | 256 KiB |
      | 4 MiB   |

  Scenario: a missing file fails at once and by its name
    Given U-Boot has an address by DHCP
    When U-Boot loads "nowhere.bin" by TFTP
    Then the command fails
    And the output contains "File not found"
    And the TFTP server refused "nowhere.bin"

  Scenario: block numbers wrap in a large file
    Given U-Boot has an address by DHCP
    And U-Boot sets the variable "tftpblocksize" to "512"
    And a file "large.bin" of 33 MiB is staged
    When U-Boot loads "large.bin" by TFTP within 120 s
    Then the command succeeds
    And U-Boot has received the whole file "large.bin"
    And the transfer of "large.bin" used a block size of 512

  Scenario Outline: a window of <window> blocks is used as asked
    Given U-Boot has an address by DHCP
    And U-Boot sets the variable "tftpwindowsize" to "<window>"
    And a file "windowed.bin" of 8 MiB is staged
    When U-Boot loads "windowed.bin" by TFTP
    Then the command succeeds
    And U-Boot has received the whole file "windowed.bin"
    And the transfer of "windowed.bin" used a window of <window>
    And U-Boot sets the variable "tftpwindowsize" to "1"

    Examples:
      | window |
      | 4      |
      | 16     |
