using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using CareCoordination.Application.Answers;
using CareCoordination.Views.Files;

namespace CareCoordination.Analytics.Queries;

/// <summary>The rows of an answer, and whose they are.</summary>
/// <param name="Patients">The ids in columns that are called after patients; whose other columns are, nobody can tell.</param>
internal sealed record SqlRows(byte[] Bytes, ImmutableArray<string> Patients)
{
    /// <summary>Columns that name patients in the tables of this server.</summary>
    public static readonly ImmutableArray<string> PatientColumns = ["patient_id", "person_id"];

    public FhirContent ToContent(RowFormat format) => new Content(this, format);

    private sealed class Content(SqlRows rows, RowFormat format) : RowsContent
    {
        public override int? Length => rows.Bytes.Length;

        public override string MediaType => format.MediaType;

        public override ImmutableArray<string> Patients { get; init; } = rows.Patients;

        public override ValueTask WriteAsync(PipeWriter output, CancellationToken cancellationToken)
        {
            output.Write(rows.Bytes);
            return ValueTask.CompletedTask;
        }
    }
}
