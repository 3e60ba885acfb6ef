using System.Text;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Messages;

/// <summary>Messages as the tests write them: one segment a line.</summary>
internal static class Text
{
    public static ReadMessage Read(string text, Hl7Limits? limits = null) =>
        new MessageReader(CharacterSet.Utf8, limits).Read(Encoding.UTF8.GetBytes(text));

    public static Hl7Message Message(string text)
    {
        var read = Read(text);
        Assert.Null(read.Fault);
        return read.Message!;
    }

    public static Hl7Fault Fault(string text, Hl7Limits? limits = null)
    {
        var read = Read(text, limits);
        Assert.Null(read.Message);
        return read.Fault!;
    }
}
