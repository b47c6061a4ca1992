package dev.bringup.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;

/**
 * Answers whoever sends to a transfer's port without being its client (RFC 1350 section 4). On
 * Linux this is the second socket of the port: the first is connected to the client, which makes it
 * cheaper to use, and gets none of these packets.
 */
final class Strangers extends SimpleChannelInboundHandler<DatagramPacket> {
  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
    tell(context, datagram);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // One stranger gets no answer.
  }

  static void tell(ChannelHandlerContext context, DatagramPacket datagram) {
    ByteBuf content = datagram.content();
    if (content.readableBytes() >= 2
        && content.getUnsignedShort(content.readerIndex()) == TftpCodec.ERROR) {
      return; // those are never answered: two servers would do so for ever
    }
    var error =
        new TftpPacket.ErrorReply(TftpErrorCode.UNKNOWN_TRANSFER_ID.code(), "Unknown transfer ID");
    var answer = Unpooled.wrappedBuffer(TftpCodec.encode(error));
    var _ =
        context.writeAndFlush(new DatagramPacket(answer, datagram.sender()), context.voidPromise());
  }
}
