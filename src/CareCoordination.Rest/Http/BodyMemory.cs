using CareCoordination.Application.Settings;

namespace CareCoordination.Rest.Http;

/// <summary>
/// How many bytes all bodies that are being worked on may have together. A limit for each body alone does not bound what many clients at
/// once take; what has no room is told to come back, and those that have room are answered.
/// </summary>
public sealed class BodyMemory(LimitsOptions limits)
{
    private long _taken;

    /// <summary>Room for so many bytes until it is disposed of; null where there is none at the moment.</summary>
    public Room? TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= limits.MaxBodiesBytes)
            return new Room(this, bytes);
        Interlocked.Add(ref _taken, -bytes);
        return null;
    }

    public sealed class Room(BodyMemory memory, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        /// <summary>More room for the same body; false where there is none.</summary>
        public bool TryGrow(long to)
        {
            var more = to - _bytes;
            if (more <= 0)
                return true;
            if (memory.TryTake(more) is null)
                return false;
            _bytes = to;
            return true;
        }

        public void Dispose() => Interlocked.Add(ref memory._taken, -Interlocked.Exchange(ref _bytes, 0));
    }
}
