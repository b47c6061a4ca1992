Feature: A bad network between the TFTP server and the board

  Scenario: a boot set arrives although packets are lost and doubled
    Given a board that can run "linux" with 2 GiB of memory
    And the boot set "linux-debian12" is staged
    And TFTP loses every 3001st packet
    And TFTP doubles every 3500th packet
    When the board boots to the kernel
    Then the TFTP server sent every staged file exactly once
    And at least 9 faults have struck

  Scenario Outline: a file arrives whole although TFTP <does>
    Given a board that can run "u-boot"
    And the board is at the bootloader
    And U-Boot has an address by DHCP
    And U-Boot sets the variable "tftpwindowsize" to "4"
    And U-Boot sets the variable "tftptimeout" to "1000"
    And a file "sample.bin" of 256 KiB is staged
    And TFTP <does>
    When U-Boot loads "sample.bin" by TFTP
    Then the command succeeds
    And U-Boot has received the whole file "sample.bin"
    And at least <strikes> faults have struck

    Examples:
      | does                                       | strikes |
      | loses every 50th packet                    | 3       |
      | loses 5 percent of its packets with seed 7 | 3       |
      | doubles every 5th packet                   | 30      |
      | swaps every 40th packet with the next      | 4       |

  Scenario: a server that falls silent is the lab's fault
    Given a board that can run "linux" with 2 GiB of memory
    And the boot set "linux-debian12" is staged
    And the board is at the bootloader
    And U-Boot sets the variable "tftptimeout" to "1000"
    And U-Boot sets the variable "tftptimeoutcountmax" to "1"
    And the TFTP server falls silent at block 100 of "Image"
    When the board tries to boot to the kernel
    Then the boot fails with an infrastructure error because of "tftp silent"
    And the failure names the fault "the TFTP server falls silent at block 100"
    And the failure was noticed within 1 s of its evidence

  Scenario: a file that arrives too short is the lab's fault
    Given a board that can run "linux" with 2 GiB of memory
    And the boot set "linux-debian12" is staged
    And TFTP cuts block 10 of "Image" to 500 B
    When the board tries to boot to the kernel
    Then the boot fails with an infrastructure error because of "boot script size"
    And the failure names the fault 'TFTP block 10 of "Image" cut to 500 bytes'
    And the failure was noticed within 1 s of its evidence
