namespace CareCoordination.Hl7v2.Messages;

/// <summary>HL7 table 0357: what is wrong with a message, as an acknowledgement says it.</summary>
public enum ErrorCode
{
    Accepted = 0,
    SegmentSequence = 100,
    RequiredFieldMissing = 101,
    DataType = 102,
    TableValueNotFound = 103,
    ValueTooLong = 104,
    UnsupportedMessageType = 200,
    UnsupportedEventCode = 201,
    UnsupportedProcessingId = 202,
    UnsupportedVersionId = 203,
    UnknownKeyIdentifier = 204,
    DuplicateKeyIdentifier = 205,
    RecordLocked = 206,
    InternalError = 207,
}

/// <summary>The words of HL7 table 0357.</summary>
public static class ErrorCodes
{
    public const string Table = "HL70357";

    public static string Text(ErrorCode code) =>
        code switch
        {
            ErrorCode.Accepted => "Message accepted",
            ErrorCode.SegmentSequence => "Segment sequence error",
            ErrorCode.RequiredFieldMissing => "Required field missing",
            ErrorCode.DataType => "Data type error",
            ErrorCode.TableValueNotFound => "Table value not found",
            ErrorCode.ValueTooLong => "Value too long",
            ErrorCode.UnsupportedMessageType => "Unsupported message type",
            ErrorCode.UnsupportedEventCode => "Unsupported event code",
            ErrorCode.UnsupportedProcessingId => "Unsupported processing id",
            ErrorCode.UnsupportedVersionId => "Unsupported version id",
            ErrorCode.UnknownKeyIdentifier => "Unknown key identifier",
            ErrorCode.DuplicateKeyIdentifier => "Duplicate key identifier",
            ErrorCode.RecordLocked => "Application record locked",
            _ => "Application internal error",
        };

    /// <summary>
    /// True for what AR answers and not AE (HL7 v2.8, 2.9.2.2): the kind of message is not taken, or it was refused for a reason that has
    /// nothing to do with what it says.
    /// </summary>
    public static bool IsRejection(ErrorCode code) =>
        code
            is ErrorCode.UnsupportedMessageType
                or ErrorCode.UnsupportedEventCode
                or ErrorCode.UnsupportedProcessingId
                or ErrorCode.UnsupportedVersionId
                or ErrorCode.InternalError;
}
