namespace CareCoordination.Hl7v2.Messages;

/// <summary>
/// What an answer has to know of a message, also of one that cannot be read: as far as its MSH goes, empty where it says nothing. Values are
/// as written, with their components and escapes, as an answer repeats them.
/// </summary>
public sealed record MessageHead(Delimiters Delimiters, CharacterSet Characters)
{
    /// <summary>The head of what has no MSH at all.</summary>
    public static MessageHead Unreadable { get; } = new(Delimiters.Standard, CharacterSet.Ascii);

    public string SendingApplication { get; init; } = "";
    public string SendingFacility { get; init; } = "";
    public string ReceivingApplication { get; init; } = "";
    public string ReceivingFacility { get; init; } = "";

    /// <summary>MSH-9.1, <c>ADT</c>.</summary>
    public string MessageCode { get; init; } = "";

    /// <summary>MSH-9.2, <c>A01</c>.</summary>
    public string TriggerEvent { get; init; } = "";
    public string ControlId { get; init; } = "";
    public string ProcessingId { get; init; } = "";

    /// <summary>MSH-12.1, <c>2.5.1</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>MSH-15, by HL7 table 0155: when an accept acknowledgement is wanted.</summary>
    public string AcceptAcknowledgement { get; init; } = "";

    /// <summary>MSH-16, by HL7 table 0155: when an application acknowledgement is wanted.</summary>
    public string ApplicationAcknowledgement { get; init; } = "";

    /// <summary>MSH-18 as the message has it.</summary>
    public string CharacterSetName { get; init; } = "";

    internal static MessageHead Of(Hl7Segment header, Reading reading) =>
        new(reading.Delimiters, reading.Characters)
        {
            SendingApplication = header.RawOf(3),
            SendingFacility = header.RawOf(4),
            ReceivingApplication = header.RawOf(5),
            ReceivingFacility = header.RawOf(6),
            MessageCode = header[9][1].Text,
            TriggerEvent = header[9][2].Text,
            ControlId = header.RawOf(10),
            ProcessingId = header.RawOf(11),
            Version = header[12].Text,
            AcceptAcknowledgement = header[15].Text,
            ApplicationAcknowledgement = header[16].Text,
            CharacterSetName = header.RawOf(18),
        };
}
